/* The echo server on SDK v2, over stdio, for clients of either era. */
import { serveStdio } from '@modelcontextprotocol/server/stdio';

import { createEchoServerV2 } from './echo-v2.ts';

serveStdio(createEchoServerV2);
