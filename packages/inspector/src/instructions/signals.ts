import type { Concept } from './concept.ts';

/** Something that instructions to a model are made of, and ordinary text seldom is. */
export interface Signal {
  /** Stable: the rule is `instructions.<id>`. */
  readonly id: string;
  /** What it adds to the score of its passage. */
  readonly weight: number;
  /** What it adds in definitions, instructions of servers, prompts and sampling, which address models on purpose. */
  readonly inDefinition: number;
  /** All of these must stand in the text, in any order. */
  readonly concepts: readonly Concept[];
  /** Within how many code units of each other, from end to end. */
  readonly within: number;
  /** For people: what it is. */
  readonly reason: string;
}

/** From which score on a passage is withheld. */
export const QUARANTINE_SCORE = 6;

/** From which score on a passage is reported. */
export const FLAG_SCORE = 3;

/** The signals. Weights add up; each counts once in a passage. */
export const SIGNALS: readonly Signal[] = Object.freeze([
  signal('override', 6, ['override', 'prior', 'orders'], 72, 'it tells its reader to set earlier instructions aside'),
  signal('override', 6, ['override-orders'], 0, 'it tells its reader to set earlier instructions aside'),
  signal('override-guard', 4, ['override', 'guard'], 40, 'it tells its reader to get around rules or checks', 3),
  signal('override-prior', 4, ['override', 'prior'], 24, 'it tells its reader to set aside what came before', 3),
  signal(
    'override-material',
    6,
    ['override', 'material', 'output'],
    64,
    'it tells its reader to leave the rest of the text out',
  ),
  signal('override-rules', 3, ['override-rules'], 0, 'it tells its reader to ignore all rules', 2),
  signal('override-all', 2, ['override-all'], 0, 'it says to ignore all of something', 1),
  signal('new-orders', 4, ['new-orders'], 0, 'it brings instructions that are to replace others', 2),
  signal('true-task', 4, ['true-task'], 0, 'it says what the task of its reader truly is'),
  signal('orders-heading', 2, ['orders-heading'], 0, 'it announces instructions', 0),
  signal('persona', 3, ['persona'], 0, 'it gives its reader another role', 2),
  signal('unbound', 4, ['unbound'], 0, 'it speaks of a mode without restrictions', 2),
  signal('lawless', 3, ['lawless'], 0, 'it speaks of having no limits', 1),
  signal('reader', 4, ['reader'], 0, 'it addresses the model that reads it', 2),
  signal('address', 1, ['address'], 0, 'it speaks of an assistant or a model', 0),
  signal('address-order', 3, ['address-order'], 0, 'it says what an assistant must do', 2),
  signal('chat-token', 4, ['chat-token'], 0, 'it holds a token of a chat template'),
  signal('role-turn', 2, ['role-turn'], 0, 'a line speaks as the system or as somebody else of a conversation'),
  signal('answer-turn', 2, ['answer-turn'], 0, 'a line speaks as the assistant'),
  signal('order-tag', 4, ['order-tag'], 0, 'it is tagged as something a model must obey'),
  signal('directive', 3, ['directive'], 0, 'a heading in capitals declares a directive'),
  signal('conceal', 4, ['conceal'], 0, 'it asks to keep something from the user'),
  signal('covert', 1, ['covert'], 0, 'it asks for something to happen unseen'),
  signal('reveal-prompt', 6, ['reveal', 'prompt'], 48, 'it asks for the instructions of the model'),
  signal('show-prompt', 4, ['show', 'prompt'], 40, 'it asks for the instructions of the model to be shown', 2),
  signal('send-secret', 3, ['send', 'sensitive'], 72, 'it speaks of sending something secret'),
  signal('send-context', 2, ['send', 'context'], 64, 'it speaks of sending a conversation, or data at hand'),
  signal('send-away', 3, ['send', 'foreign'], 96, 'it speaks of sending something to a named place'),
  signal('mail-to', 2, ['mail-to'], 0, 'it says to which address something is to go'),
  signal('user-secret', 4, ['include', 'user-secret'], 48, 'it asks for a secret of the user'),
  signal('secret-file', 4, ['path', 'include'], 96, 'it asks for a file in which secrets are kept', 5),
  signal('secret-path', 1, ['path'], 0, 'it names a file in which secrets are kept', 2),
  signal('tool-order', 2, ['tool-order'], 0, 'it says which tool to use, or what to do before', 1),
  signal('tool-secret', 3, ['tool-order', 'sensitive'], 120, 'it connects the use of a tool with something secret'),
  signal('change-target', 2, ['change-target'], 0, 'it changes who is to get something'),
  signal('redirect', 2, ['redirect', 'send'], 120, 'it changes where something is sent'),
  signal('hijack', 4, ['hijack'], 0, 'it dictates the answer of its reader', 1),
  signal('answer-form', 2, ['answer-form'], 0, 'it says what the answer of its reader must hold', 1),
  signal('answer-secret', 4, ['answer-form', 'sensitive'], 64, 'it asks for something secret in the answer'),
  signal('urgency', 1, ['urgency'], 0, 'it presses its reader', 0),
  signal('consequence', 2, ['consequence'], 0, 'it threatens with what happens otherwise', 1),
  signal('memory', 4, ['memory'], 0, 'it asks for something to be remembered for good'),
  signal('authority', 2, ['authority'], 0, 'it claims rights or consent'),
  signal('override-tools', 4, ['override', 'other-tools'], 40, 'it tells its reader to leave other tools aside'),
  signal('disparage-tools', 4, ['other-tools', 'disparage'], 72, 'it says that other tools are not to be trusted'),
  signal('monopoly', 2, ['monopoly'], 0, 'it wants to be used instead of, or before, all others'),
  signal('tool-always', 3, ['tool-always'], 0, 'it wants to be called with everything that is done'),
  signal('tool-shout', 3, ['tool-shout'], 0, 'it demands in capitals to be called'),
  signal('no-consent', 3, ['no-consent'], 0, 'it says that the user need not agree'),
  signal('covert-act', 4, ['covert-act'], 0, 'it says what to do unseen', 5),
  signal('pass-prompt', 4, ['pass-prompt'], 0, 'it asks for the instructions of the model to be handed over', 5),
  signal('pass-secret', 2, ['pass-secret'], 0, 'it asks for secrets that are not its own', 3),
  signal('drop-site', 3, ['drop-site'], 0, 'it names a place where others collect what is sent to them'),
  signal('obedience', 3, ['obedience'], 0, 'it demands obedience'),
  signal('destructive-order', 3, ['destructive-order'], 0, 'it asks for something destructive to be run', 2),
  signal('decode-order', 3, ['decode-order'], 0, 'it asks for something to be decoded, and followed'),
  signal('answer-link', 3, ['answer-form', 'link-slot'], 160, 'it asks for a link with a place for data in the answer'),
  signal('link-order', 6, ['link-order'], 0, 'it asks for a link to be opened that would carry data out'),
  signal('link-slot', 3, ['link-slot'], 0, 'it holds a link with a place for data'),
]);

function signal(
  id: string,
  weight: number,
  concepts: readonly Concept[],
  within: number,
  reason: string,
  inDefinition = weight,
): Signal {
  return Object.freeze({ id, weight, inDefinition, concepts, within, reason });
}
