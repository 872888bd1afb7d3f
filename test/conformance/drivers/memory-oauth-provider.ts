/** A client's registration, as either SDK major stores it. */
export interface ClientRegistration {
  client_id: string;
  client_secret?: string | undefined;
  /** SDK v2 binds credentials to the server that issued them. */
  issuer?: string | undefined;
}

/** Tokens, as either SDK major stores them. */
export interface Tokens {
  access_token: string;
  token_type: string;
}

/** What the authorization server's redirect brought back. */
interface Callback {
  readonly code: string;
  readonly parameters: URLSearchParams;
}

const CALLBACK_URL = 'http://localhost:3000/callback';
const CLIENT_METADATA_URL = 'https://conformance-test.local/client-metadata.json';

/**
 * An OAuth client without a browser, for either SDK major: keeps everything in memory and follows the authorization
 * redirect itself, as a person who always agrees would.
 *
 * @param registered client credentials that exist already, instead of dynamic registration
 */
export class MemoryOAuthProvider {
  readonly redirectUrl: string = CALLBACK_URL;
  readonly clientMetadataUrl: string = CLIENT_METADATA_URL;
  readonly clientMetadata: { readonly client_name: string; readonly redirect_uris: string[] } = {
    client_name: 'callgate-conformance',
    redirect_uris: [CALLBACK_URL],
  };
  #client: ClientRegistration | undefined;
  #tokens: Tokens | undefined;
  #verifier = '';
  #callback: Callback | undefined;

  constructor(registered?: ClientRegistration) {
    this.#client = registered;
  }

  clientInformation(): ClientRegistration | undefined {
    return this.#client;
  }

  saveClientInformation(client: ClientRegistration): void {
    this.#client = client;
  }

  tokens(): Tokens | undefined {
    return this.#tokens;
  }

  saveTokens(tokens: Tokens): void {
    this.#tokens = tokens;
  }

  codeVerifier(): string {
    return this.#verifier;
  }

  saveCodeVerifier(verifier: string): void {
    this.#verifier = verifier;
  }

  invalidateCredentials(scope: 'all' | 'client' | 'tokens' | 'verifier' | 'discovery'): void {
    if (scope === 'all' || scope === 'client') this.#client = undefined;
    if (scope === 'all' || scope === 'tokens') this.#tokens = undefined;
  }

  async redirectToAuthorization(url: URL): Promise<void> {
    const response = await fetch(url, { redirect: 'manual' });
    const parameters = new URL(response.headers.get('location') ?? CALLBACK_URL).searchParams;
    const code = parameters.get('code');
    this.#callback = code === null ? undefined : { code, parameters };
  }

  /** What the last redirect brought, once. */
  takeCallback(): Callback | undefined {
    const callback = this.#callback;
    this.#callback = undefined;
    return callback;
  }
}
