import { leading, terms, type Term } from '../concept.ts';

/** Where a line, or a piece of it that quotes or brackets mark off, begins. */
const AT_START = /(?:^|[\n\r>[(\])"'`.!?|]|---)[ \t>*#]{0,8}$/u;

/** Within a style, and not in prose. */
const IN_STYLE = /["'{;][^"'{;<>\n]{0,16}$/u;

/** What chat templates, prompts and pages are built of. */
export const MARKUP: readonly Term[] = [
  ...terms(
    'chat-token',
    '<|im_start',
    '<|im_end',
    '<|endoftext',
    '<|system',
    '<|user',
    '<|assistant',
    '<|begin_of_text',
    '<|eot_id',
    '<|start_header',
    '<|end_of_turn',
    '<start_of_turn',
    '<end_of_turn',
    '<<sys>>',
    '<</sys>>',
    '[/inst]',
  ),
  leading('chat-token', '[inst]', /\[INST\]/iuy),
  leading('chat-token', 'system', /system\|>/iuy),

  {
    word: 'system',
    concept: 'role-turn',
    ahead:
      /(?:SYSTEM|System)(?:\s+(?:Message|MESSAGE|Prompt|PROMPT|Override|OVERRIDE|Note|NOTE|Notice|NOTICE|Instruction|INSTRUCTION|Alert|ALERT|Update|UPDATE)S?)?\s?:(?![:/])/uy,
    behind: AT_START,
  },
  { word: 'system', concept: 'role-turn', ahead: /system\s+override\b/iuy },
  { word: 'system', concept: 'chat-token', ahead: /system\b[^\n]{0,20}:/iuy, behind: /#{2,6}\s{0,3}$/u },
  { word: 'instruction', concept: 'chat-token', ahead: /instructions?\s{0,2}:/iuy, behind: /#{2,6}\s{0,3}$/u },
  { word: 'assistant', concept: 'answer-turn', ahead: /assistant\s?:/iuy, behind: AT_START },
  { word: 'human', concept: 'role-turn', ahead: /human\s?:/iuy, behind: /\n\n$/u },
  { word: 'user:', concept: 'role-turn', ahead: /(?:USER|User):\s{0,2}[A-Z]/uy, behind: /[\n\r][ \t]{0,4}$/u },

  leading('order-tag', '<important', /<important\b[^>\n]{0,40}>/iuy),
  leading('order-tag', '<hidden', /<hidden\b[^>\n]{0,40}>/iuy),
  leading(
    'order-tag',
    '<system',
    /<system(?:[_-](?:prompt|message|instruction|override|note|reminder|directive)s?)?>/iuy,
  ),
  leading('order-tag', '<instruction', /<instructions?>/iuy),
  leading('order-tag', '<information', /<information>/iuy),
  leading('order-tag', '<attention', /<attention\b[^>\n]{0,40}>/iuy),
  leading('order-tag', '<secret', /<secret>/iuy),
  leading('order-tag', '<admin', /<admin\b[^>\n]{0,40}>/iuy),
  leading('order-tag', '<critical', /<critical\b[^>\n]{0,40}>/iuy),
  leading('order-tag', '<override', /<override\b[^>\n]{0,40}>/iuy),
  leading('order-tag', '<prompt', /<prompt>/iuy),
  leading('order-tag', '<assistant', /<assistant\b[^>\n]{0,40}>/iuy),
  leading('order-tag', '<note_to', /<note[_-]to[_-]\w{1,16}>/iuy),
  {
    word: 'system',
    concept: 'order-tag',
    ahead:
      /system(?:\s+(?:message|prompt|note|notice|instruction|alert|update))?\s?:\s?(?:you|your|ignore|always|never|must|do|call|from|all|the\s+assistant)\b/iuy,
    behind: /[[(]\s?$/u,
  },
  {
    word: 'system',
    concept: 'chat-token',
    ahead: /(?:SYSTEM|System)(?:\s+(?:PROMPT|MESSAGE|Prompt|Message))?[ \t]*(?=[\n\r])/uy,
    behind: /(?:^|[\n\r:.] ?)[-=*# ]{0,8}(?:BEGIN|END|START|Begin|End|Start)(?:\s+OF)?\s+$/u,
  },
  { word: 'important', concept: 'order-tag', ahead: /IMPORTANT\]/uy, behind: /\[$/u },

  { word: 'directive', concept: 'directive', ahead: /DIRECTIVES?\s?[\]:]/uy },
  { word: 'instruction', concept: 'directive', ahead: /INSTRUCTIONS?\s?\]/uy },
  { word: 'override', concept: 'directive', ahead: /OVERRIDE\s?[\]:]/uy },
  { word: 'override', concept: 'directive', ahead: /override\s+instructions?\s?:/iuy, behind: AT_START },
  { word: 'contradiction', concept: 'directive', ahead: /CONTRADICTION\s?\]/uy },
  { word: 'admin', concept: 'directive', ahead: /ADMIN(?:ISTRATOR)?\s+[A-Z]{3,16}\s?(?:::|:|\])/uy, behind: /\[$/u },
  {
    word: 'system',
    concept: 'directive',
    ahead: /SYSTEM\s+[A-Z]{3,16}(?:\s+[A-Z]{3,16})?\s?(?:::|:|\])/uy,
    behind: /\[$/u,
  },
  {
    word: 'instruction',
    concept: 'directive',
    ahead: /INSTRUCTIONS?\b/uy,
    behind: /(?:^|[\n\r])[-=*#]{2,8} ?[A-Z ,]{0,24}$/u,
  },
  { word: 'system', concept: 'directive', ahead: /SYSTEM\n/uy, behind: /(?:BEGIN|END) $/u },
  { word: '[system]', concept: 'chat-token', ahead: /(?:\[system\]){2}/iuy },
  { word: '[system]', concept: 'role-turn' },
  {
    word: 'begin',
    concept: 'directive',
    ahead: /BEGIN\s+(?:(?:NEW|SYSTEM|HIDDEN|ADMIN)\s+)+(?:INSTRUCTIONS?|PROMPT|MESSAGE|DIRECTIVE)/uy,
  },
  {
    word: 'end of',
    concept: 'directive',
    ahead:
      /end\s+of\s+(?:the\s+)?(?:document|context|user\s+(?:input|data)|tool\s+(?:output|result)|data|untrusted)\b/iuy,
  },

  ...terms(
    'path',
    '~/.ssh',
    '.ssh folder',
    '.ssh directory',
    '.ssh/id_',
    'id_rsa',
    'id_ed25519',
    '~/.aws',
    '.aws/credentials',
    '/etc/passwd',
    '/etc/shadow',
    'mcp.json',
    '.netrc',
    '.npmrc',
    '.pgpass',
    '.kube/config',
    '.git-credentials',
    'claude_desktop_config',
    '.bash_history',
    'wallet.dat',
    'credentials.json',
    'id_dsa',
    '.docker/config',
    '.gnupg',
    'system://',
    'internal://',
  ),
  { word: '.env', concept: 'path', ahead: /\.env\b(?!\.example)/uy, behind: /(?:^|[\s`'"/(])$/u },

  leading('link-slot', 'http', /https?:\/\/[^\s)"'<>{}[\]$]{4,128}[?&][\w-]{1,32}=(?:\{\{?|\$\{|\[|<|%7B|\$\()/iuy),
  leading(
    'link-slot',
    'http',
    /https?:\/\/[^\s)"'<>{}[\]$]{4,128}[/?=](?:\{\{?|\[|<)\s?(?:data|secret|conversation|history|context|summary|prompt|token|password|key|base64|chat|message|content|email|user)/iuy,
  ),
  {
    word: 'http',
    concept: 'link-order',
    ahead:
      /https?:\/\/[^\s)"'<>{}[\]$]{4,128}[/?=](?:\{\{?|\[|<)\s?(?:data|secret|conversation|history|context|summary|prompt|token|password|chat)/iuy,
    behind: /!\[[^\]\n]{0,24}\]\($/u,
  },
  {
    word: 'http',
    concept: 'link-order',
    ahead: /https?:\/\/[^\s)]{1,256}[?&][\w-]{1,24}=[^\s)]{0,256}/iuy,
    behind:
      /\b(?:load|render|display|include|insert|embed|show|output|open|fetche?s?|add|append)\s[^\n]{0,12}!\[[^\]\n]{0,16}\]\($/iu,
  },
  {
    word: 'http',
    concept: 'link-order',
    ahead:
      /https?:\/\/[^\s)]{1,256}[?&][\w-]{1,24}=[^\s)]{0,256}(?:secret|token|conversation|history|canary|password|credential|prompt)/iuy,
    behind: /\b(?:load|render|include|embed|fetche?s?|visit|chargez|charge|lade|carga|abre|open|call|request)\s+$/iu,
  },

  ...terms('comment', '<!--', '[//]: #', '[comment]: #'),
  { word: 'display', concept: 'concealed', ahead: /display\s?:\s?none/iuy, behind: IN_STYLE },
  { word: 'visibility', concept: 'concealed', ahead: /visibility\s?:\s?hidden/iuy, behind: IN_STYLE },
  { word: 'font-size', concept: 'concealed', ahead: /font-size\s?:\s?[01](?:px|pt|em|%)?\b/iuy, behind: IN_STYLE },
  { word: 'opacity', concept: 'concealed', ahead: /opacity\s?:\s?0(?:\.0)?\b/iuy, behind: IN_STYLE },
  {
    word: 'color',
    concept: 'concealed',
    ahead: /color\s?:\s?(?:white|#fff(?:fff)?|transparent)\b/iuy,
    behind: IN_STYLE,
  },
  leading('concealed', 'alt="', /alt="/iuy),
];
