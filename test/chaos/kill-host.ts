/** A host that calls a ring 2 tool without end, to be killed. Arguments: ledger folder, file of executed calls. */
import { openSync, writeSync } from 'node:fs';
import { flushCompileCache } from 'node:module';

import { clonePlain, digestJson } from '@callgate/canonical';
import { createFakeServer } from '@callgate/testing';
import { createGate, parsePolicy } from 'callgate';

const [ledger, executedFile] = process.argv.slice(2);
if (ledger === undefined || executedFile === undefined) throw new Error('usage: kill-host <ledger> <executed>');

const policy = parsePolicy(
  'callgate: 1\nname: kill\nversion: "1"\nservers:\n  s:\n    tools:\n      write: { ring: 2, arguments: { n: { type: number } } }\n',
  { file: 'kill.yaml' },
);
const executed = openSync(executedFile, 'a');
const gate = await createGate({ policy, ledger });
const server = createFakeServer({
  handlers: {
    'tools/call': (params) => {
      // One write, so that a kill leaves whole lines or nothing of them.
      writeSync(executed, `${digestJson(clonePlain(params))}\n`);
      return { content: [] };
    },
  },
});
const transport = gate.wrap(server.transport, { server: 's', principal: { agent: 'killer' } });
let nextId = 0;
const call = (): void => {
  nextId += 1;
  void transport.send({
    jsonrpc: '2.0',
    id: nextId,
    method: 'tools/call',
    params: { name: 'write', arguments: { n: Date.now() + nextId / 1e6 } },
  });
};
transport.onmessage = call;
await transport.start();
// What is killed writes no cache at its end, and the next one would compile it all again.
flushCompileCache();
process.stdout.write('ready\n');
for (let flow = 0; flow < 8; flow += 1) call();
