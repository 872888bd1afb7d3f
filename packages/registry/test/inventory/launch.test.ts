import { describe, expect, it } from 'vitest';

import { launchOf, unwrapped } from '../../src/inventory/flags/launch.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const COMMIT = 'c'.repeat(40);

const isPinned = (line: string): boolean | null => {
  const launch = launchOf(line.split(' '));
  return launch === null ? null : launch.unpinned === null;
};

describe('a pinned package is always the same', () => {
  it.each([
    'npx -y server@1.2.3',
    'npx -y @scope/server@1.2.3-beta.1',
    'npx --package=@scope/server@1.2.3 -- server',
    'npx -p server@1.2.3 server --port 1',
    'C:\\Program(x86)\\nodejs\\npx.cmd -y server@1.2.3',
    'cmd /c npx -y server@1.2.3',
    'env LEVEL=debug npx server@1.2.3',
    'bunx server@1.2.3',
    'pnpm dlx server@1.2.3',
    'npm exec -y server@1.2.3',
    `npx -y github:acme/server#${COMMIT}`,
    'uvx server==1.2.3',
    'uvx server@1.2.3',
    'uvx --from server==1.2.3 run-it',
    `uvx --from git+https://github.com/acme/server@${COMMIT} run-it`,
    'uv tool run server==1.2.3',
    'pipx run --spec server==1.2.3 run-it',
    `docker run -i --rm -e TOKEN acme/server@${DIGEST}`,
    `podman run --rm -it --name s --mount=type=bind,src=/a,dst=/b acme/server:1.2@${DIGEST} --flag`,
    'deno run -A npm:@scope/server@1.2.3',
    'go run example.com/server@v1.2.3',
  ])('%s', (line) => {
    expect(isPinned(line)).toBe(true);
  });
});

describe('what may be something else tomorrow is not pinned', () => {
  it.each([
    'npx -y server',
    'npx -y @scope/server',
    'npx -y server@latest',
    'npx -y server@next',
    'npx -y server@^1.2.3',
    'npx -y server@1',
    'npx -y server@1.x',
    'npx -y github:acme/server',
    'npx -y acme/server',
    'npx -y acme/server#main',
    'npx -y https://example.com/server.tgz',
    'bunx server',
    'pnpm dlx server@latest',
    'uvx server',
    'uvx server>=1.2',
    'uvx --from git+https://github.com/acme/server run-it',
    'uvx --from git+https://github.com/acme/server@main run-it',
    'uv run --with server python main.py',
    'pipx run server',
    'docker run -i --rm acme/server',
    'docker run -i --rm -v /a:/b acme/server:latest',
    'docker run -i acme/server:1.2.3',
    'deno run -A npm:@scope/server',
    'go run example.com/server@latest',
  ])('%s', (line) => {
    expect(isPinned(line)).toBe(false);
  });
});

describe('what is on the machine already fetches nothing', () => {
  it.each([
    'node server.js',
    'npx ./server',
    'npx /opt/server',
    '/usr/bin/server',
    'uv run server.py',
    'docker exec -i box server',
    'python -m server',
    'npm run server',
    'pnpm start',
    'go run .',
    'npx',
    '',
  ])('%s', (line) => {
    expect(isPinned(line)).toBeNull();
  });
});

it('a plain wrapper is looked through, a text for a shell is not', () => {
  expect(unwrapped(['sudo', '-E', 'env', 'A=1', 'npx', 'server'])).toEqual(['npx', 'server']);
  expect(unwrapped(['cmd', '/c', 'npx server'])).toEqual(['cmd', '/c', 'npx server']);
  expect(unwrapped(['sh', '-c', 'npx server'])).toEqual(['sh', '-c', 'npx server']);
});
