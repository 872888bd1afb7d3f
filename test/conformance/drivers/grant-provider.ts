import type { ClientRegistration, Tokens } from './memory-oauth-provider.ts';

/**
 * An OAuth client that gets its tokens without a person, by a grant of its own, for either SDK major.
 *
 * @param prepareTokenRequest the parameters of the token request
 */
export class GrantProvider {
  readonly redirectUrl: undefined = undefined;
  readonly clientMetadata: {
    readonly client_name: string;
    readonly redirect_uris: string[];
    readonly grant_types: string[];
  };
  readonly prepareTokenRequest: (scope?: string) => Promise<URLSearchParams>;
  #client: ClientRegistration | undefined;
  #tokens: Tokens | undefined;

  constructor(
    client: ClientRegistration,
    grantType: string,
    prepareTokenRequest: (scope?: string) => Promise<URLSearchParams>,
  ) {
    this.#client = client;
    this.clientMetadata = { client_name: 'callgate-conformance', redirect_uris: [], grant_types: [grantType] };
    this.prepareTokenRequest = prepareTokenRequest;
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

  redirectToAuthorization(): never {
    throw new TypeError('expected no redirect: this client has no user');
  }

  saveCodeVerifier(): void {
    // PKCE belongs to redirects.
  }

  codeVerifier(): never {
    throw new TypeError('expected no code verifier: this client has no user');
  }
}

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** RFC 7523: a signed assertion for an access token. */
export function jwtBearerProvider(client: ClientRegistration, assertion: () => Promise<string>): GrantProvider {
  return new GrantProvider(client, JWT_BEARER, async (scope) => {
    const parameters = new URLSearchParams({ grant_type: JWT_BEARER, assertion: await assertion() });
    if (scope !== undefined) parameters.set('scope', scope);
    return parameters;
  });
}

/** RFC 8693 at the identity provider: the user's ID token for an assertion that the authorization server takes. */
export async function exchangeIdToken(request: {
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly idToken: string;
  readonly audience: string;
  readonly resource: string;
}): Promise<string> {
  const response = await fetch(request.tokenEndpoint, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      requested_token_type: 'urn:ietf:params:oauth:token-type:id-jag',
      subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
      subject_token: request.idToken,
      client_id: request.clientId,
      audience: request.audience,
      resource: request.resource,
    }),
  });
  const { access_token: assertion } = (await response.json()) as { readonly access_token?: string };
  if (assertion === undefined)
    throw new TypeError(`expected an assertion from the identity provider, got status ${response.status}`);
  return assertion;
}
