/**
 * What the command's exit code says. Pinned: scripts and pipelines branch on it.
 *
 * `fine` 0; `findings` 1: something was found, denied or held; `usage` 2: the command line, a file it names or the
 * policy is wrong; `internal` 3: a defect of callgate, or output that could not be written; `widened` 4: of the findings, that
 * a call goes ahead that did not before.
 */
export const EXIT = { fine: 0, findings: 1, usage: 2, internal: 3, widened: 4 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
