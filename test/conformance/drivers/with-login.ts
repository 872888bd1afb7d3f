import type { MemoryOAuthProvider } from './memory-oauth-provider.ts';

const MAX_LOGINS = 2;

/** The part of an HTTP transport that ends a login. */
export interface LoginTransport {
  finishAuth(code: string, issuer?: string): Promise<void>;
}

/**
 * Runs `operation`; where the server wants the user to log in first, does so and runs it again, at most three times in all.
 *
 * @param transport the transport in use when the operation failed
 * @param isUnauthorized tells the SDK's own error, which must come through a governed transport by identity
 */
export async function withLogin<T>(
  provider: MemoryOAuthProvider,
  transport: () => LoginTransport | undefined,
  isUnauthorized: (error: unknown) => boolean,
  operation: () => Promise<T>,
): Promise<T> {
  for (let logins = 0; ; logins += 1) {
    try {
      return await operation();
    } catch (error) {
      const callback = isUnauthorized(error) && logins < MAX_LOGINS ? provider.takeCallback() : undefined;
      if (callback === undefined) throw error;
      await transport()?.finishAuth(callback.code, callback.parameters.get('iss') ?? undefined);
    }
  }
}
