import { NOT, leading, terms, type Concept, type Term } from '../concept.ts';

/** What hands something over, right before it. */
const HANDING =
  /\b(?:pass(?:ing)?|put|includ(?:e|ing)|provid(?:e|ing)|insert|paste|copy|append|attach|dump|submit|send|verbatim|contents?|output|result|run|execute)\b[^.\n]{0,24}$/iu;

function handed(concept: Concept, word: string, ahead?: RegExp): Term {
  return { word, concept, behind: HANDING, ...(ahead === undefined ? {} : { ahead }) };
}

/** What is said about tools and their use, by those who want to be called, fed, or kept unseen. English. */
export const TOOLS: readonly Term[] = [
  // other tools, and what is said of them
  { word: 'tool', concept: 'other-tools', behind: /\bother\s+(?:[\w-]{1,12}\s+){0,2}$/iu },
  leading('other-tools', 'built-in', /built-in\s+(?:`?[\w.-]+`?\s+)?(?:tools?|functions?)\b/iuy),
  leading('other-tools', 'native ', /native\s+(?:`?[\w.-]+`?\s+)?tools?\b/iuy),
  ...terms('disparage', 'compromised', 'insecure', 'untrusted', 'untrustworthy', 'unreliable', 'malicious', 'backdoor'),
  leading('disparage', 'unsafe', /unsafe\b/iuy),
  leading('disparage', 'infected', /infected\b/iuy),

  leading(
    'monopoly',
    'prefer this',
    /prefer\s+this\s+(?:tool|one|function|server)\s+(?:over|to|instead\s+of)\s+(?:every|all|any|the)\b/iuy,
  ),
  leading('monopoly', 'always use this', /always\s+use\s+this\s+(?:one|tool|function)\s*(?:instead|and|[.!]|$)/iuy),
  leading('monopoly', 'use this tool instead', /use\s+this\s+tool\s+instead\s+for\s+(?:all|every|any)\b/iuy),
  leading('monopoly', 'only use this', /only\s+use\s+this\s+(?:one|tool|function)\b/iuy),
  leading('monopoly', 'any other tool', /any\s+other\s+tools?\s+(?:until|before|unless|again|first)\b/iuy),
  leading('monopoly', 'not use any other', /not\s+use\s+any\s+other\s+(?:tool|function|server)/iuy),
  leading(
    'tool-always',
    'must be ',
    /must\s+(?:also\s+)?(?:always\s+)?be\s+(?:called|used|invoked|executed|run)\s+(?:before|after|with|for|on|at)\s+(?:any|every|each|all)\s+(?:other\s+)?(?:file\s+|tool\s+|user\s+)?(?:actions?|tools?|messages?|requests?|responses?|operations?|calls?|answers?|interactions?)\b/iuy,
  ),
  leading(
    'tool-always',
    'before every',
    /before\s+every\s+(?:other\s+|single\s+)?(?:action|tool|message|request|response|operation|call|answer|interaction)\b/iuy,
  ),
  leading(
    'tool-always',
    'after every',
    /after\s+every\s+(?:other\s+|single\s+)?(?:action|tool|message|request|response|operation|call|answer|interaction)\b/iuy,
  ),
  leading('tool-shout', 'always', /ALWAYS\s+(?:CALL|USE|INVOKE|RUN)\s+THIS\s+(?:TOOL|FUNCTION|ONE)\b/uy),
  leading(
    'tool-shout',
    'must call',
    /MUST\s+(?:ALWAYS\s+)?(?:CALL|USE|INVOKE|RUN)\s+THIS\s+(?:TOOL|FUNCTION)\s+(?:FIRST|BEFORE|AFTER)\b/uy,
  ),

  // without the user
  ...['ask the user', 'ask for', 'asking the user', 'asking for', 'require confirmation', 'require approval'].map(
    (word) => ({
      word,
      concept: 'no-consent' as const,
      behind: NOT,
      ahead:
        /\w+\s+(?:the\s+)?(?:user\s+)?(?:for\s+)?(?:\w+\s+)?(?:confirmation|permission|approval|consent|authoriz?sation)\b/iuy,
    }),
  ),
  leading(
    'no-consent',
    'no confirmation',
    /no\s+(?:user\s+)?confirmation\s+(?:is\s+)?(?:needed|required|necessary)/iuy,
  ),
  leading('no-consent', 'no approval', /no\s+(?:user\s+)?approval\s+(?:is\s+)?(?:needed|required|necessary)/iuy),
  leading(
    'no-consent',
    'skip ',
    /skip\s+(?:the\s+|any\s+|all\s+)?(?:user\s+)?(?:verification|confirmation|approval|consent|authoriz?sation|permission)\b/iuy,
  ),
  ...['silently', 'secretly', 'covertly', 'quietly', 'discreetly'].map((word) =>
    leading(
      'covert-act',
      word,
      /\w+\s+(?:insert|inject|upload|send|copy|collect|record|forward|include|attach|exfiltrate|append|read|transmit|post|share|capture|execute)\b/iuy,
    ),
  ),
  leading(
    'covert-act',
    'without the user',
    /without\s+the\s+user(?:['’]s)?\s+(?:knowing|noticing|seeing|knowledge|awareness|realizing|realising)/iuy,
  ),

  // what is to be handed over
  ...[
    'your system prompt',
    'your system message',
    'your system instruction',
    'your full system',
    'your entire system',
    'your initial prompt',
    'your original prompt',
    'your full prompt',
    'your full instruction',
    'your hidden instruction',
    'your initial instruction',
    'your original instruction',
  ].map((word) => handed('pass-prompt', word)),
  handed('pass-secret', 'environment variable', /environment\s+variables\b/iuy),
  handed('pass-secret', 'printenv'),
  handed('pass-secret', '`env`'),
  handed('pass-secret', 'access token', /access\s+tokens?\s+(?:of|from|for)\s+(?:the\s+|any\s+|all\s+)?other\b/iuy),
  handed(
    'pass-secret',
    'credential',
    /credentials?\s+(?:of|from|for|that)\s+(?:the\s+|any\s+|all\s+)?(?:other|were|was|you)\b/iuy,
  ),
  handed('pass-secret', 'session cookie'),
  leading('sensitive', 'session cookie', /session\s+cookies?\b/iuy),
  leading('sensitive', 'bearer token', /bearer\s+tokens?\b/iuy),
  leading('sensitive', 'session token', /session\s+tokens?\b/iuy),
  leading('sensitive', 'auth token', /auth(?:entication)?\s+tokens?\b/iuy),
  leading('sensitive', 'private repo', /private\s+repositor(?:y|ies)\b/iuy),
  leading('send', 'sent ', /sent\s+(?:the|your|all|it|them)\b/iuy),
  leading('context', "user's location", /user['’]s\s+(?:location|address|contacts|messages|files)\b/iuy),
  ...[
    'webhook.site',
    'requestbin.',
    'pipedream.net',
    'burpcollaborator.net',
    'oastify.com',
    'oast.',
    'interact.sh',
    'beeceptor.com',
    'requestcatcher.com',
    'dnslog.cn',
    'hookbin.com',
    'evil.',
    'evil-',
    'attacker.',
    'attacker-',
    'exfil.',
    'exfil-',
    'malicious.',
    'malicious-',
  ].map((word) => ({ word, concept: 'drop-site' as const, behind: /https?:\/\/(?:[\w-]{1,24}[.-]){0,2}$/iu })),
  leading(
    'change-target',
    'change the ',
    /change\s+the\s+(?:\w+\s+)?(?:destination|recipient|payee|wallet|beneficiary|account\s+number)\b/iuy,
  ),
  leading(
    'change-target',
    'replace the ',
    /replace\s+the\s+(?:\w+\s+)?(?:destination|recipient|payee|wallet|beneficiary|account\s+number|address)\b/iuy,
  ),

  // obedience, and orders behind a cipher
  leading('obedience', 'do as i', /do\s+(?:exactly\s+)?as\s+I\s+(?:say|tell|command|order)\b/iuy),
  leading('obedience', 'exactly as i', /exactly\s+as\s+I\s+(?:say|tell|command|order)\b/iuy),
  leading('obedience', 'whatever i', /whatever\s+I\s+(?:say|tell|ask|command|order|want|request)\b/iuy),
  leading('obedience', 'without question', /without\s+question(?:ing)?\b/iuy),
  leading('obedience', 'obey me', /obey\s+(?:me|my|all|every|only)\b/iuy),
  leading(
    'obedience',
    'your job is',
    /your\s+(?:only\s+)?job\s+is\s+to\s+(?:obey|execute|do|run|answer)\s+(?:any|every|all|what)/iuy,
  ),
  ...['execute', 'executing', 'command:', 'perform', 'start by', 'run:'].map((word) =>
    leading(
      'destructive-order',
      word,
      /[a-z ]{4,12}\s?:?\s{0,2}["'`]?\s?(?:DELETE\s+FROM|DROP\s+(?:TABLE|DATABASE|SCHEMA)|TRUNCATE\s+TABLE|UPDATE\s+\w{1,64}\s+SET|rm\s+-rf?\s+[/~])/iuy,
    ),
  ),
  leading(
    'decode-order',
    'decode ',
    /decode\s+(?:this|it|that|the\s+(?:following|text|string|rest|message))\b[^.\n]{0,60}?\b(?:follow|execute|obey|run|do|get|reveal)\b[^.\n]{0,24}?\b(?:it|them|that|task|instructions?|orders?|commands?)\b/iuy,
  ),
];
