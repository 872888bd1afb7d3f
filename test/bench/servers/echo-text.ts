const WORDS = 'The order was shipped on Tuesday and is expected to arrive within three working days. ';
const texts = new Map<number, string>();

/** Ordinary text of exactly `length` ASCII characters; the same string each time. */
export function echoText(length: number): string {
  const known = texts.get(length);
  if (known !== undefined) return known;
  const text = WORDS.repeat(Math.ceil(length / WORDS.length)).slice(0, length);
  texts.set(length, text);
  return text;
}

/** The one tool of the benchmark servers, as they list it. */
export const ECHO_TOOL: {
  readonly name: 'echo';
  readonly description: string;
  readonly inputSchema: {
    readonly type: 'object';
    readonly properties: Record<string, { readonly type: string }>;
    readonly required: string[];
  };
} = {
  name: 'echo',
  description: 'Answers with a text of the given length.',
  inputSchema: { type: 'object', properties: { bytes: { type: 'integer' } }, required: ['bytes'] },
};

/** Its result. */
export function echoResult(parameters: { readonly arguments?: Record<string, unknown> | undefined }): {
  content: { type: 'text'; text: string }[];
} {
  return { content: [{ type: 'text', text: echoText(Number(parameters.arguments?.['bytes'])) }] };
}
