/** Every way in which a command can print, and what for. A command declares which of them it has. */
export const FORMATS = {
  pretty: 'for a person',
  yaml: 'a policy, with comments',
  json: 'for a program',
  jsonl: 'one JSON value a line',
  markdown: 'for a comment on a change',
  csv: 'for a spreadsheet',
  mermaid: 'a diagram, as Mermaid text',
  junit: 'JUnit XML, for reports of a build',
  sarif: 'SARIF 2.1.0, for code scanning',
  github: 'annotations of a GitHub workflow',
} as const;

/** How output is meant to be read. */
export type Format = keyof typeof FORMATS;
