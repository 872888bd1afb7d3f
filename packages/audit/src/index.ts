export type * from './records.ts';
export type * from './sink.ts';
export type * from './ledger-types.ts';
