export type * from './call.ts';
export type * from './decision.ts';
