#!/usr/bin/env node
import { createProcessIo } from './process-io.ts';
import { run } from './run.ts';

const { io, release } = createProcessIo();
process.exitCode = await run(process.argv.slice(2), io);
release();
