export { standardKinds } from './standard-kinds.ts';
