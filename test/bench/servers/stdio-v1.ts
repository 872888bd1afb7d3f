/* The echo server on SDK v1, over stdio. */
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';

import { createEchoServerV1 } from './echo-v1.ts';

await createEchoServerV1().connect(new StdioServerTransport());
