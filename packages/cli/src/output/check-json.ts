import type { CheckResult } from '../check/check-result.ts';

/** The report as one JSON value; see docs/reference/cli.md. */
export function checkJson(results: readonly CheckResult[], isFine: boolean): string {
  return JSON.stringify({ ok: isFine, files: results.map(resultJson) });
}

function resultJson(result: CheckResult): Record<string, unknown> {
  if (!result.loads) {
    const { file, code, message, issues } = result;
    return { file, loads: false, error: { code, message }, policy: null, issues, findings: [] };
  }
  const { name, version, digest, stage } = result.policy;
  return {
    file: result.file,
    loads: true,
    error: null,
    policy: { name, version, digest, stage },
    issues: [],
    findings: result.findings,
  };
}
