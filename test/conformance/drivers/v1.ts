/* A conformance client on SDK v1 (`@modelcontextprotocol/sdk`): plain, or governed with CALLGATE_GOVERNED=1. */
import { ClientCredentialsProvider, PrivateKeyJwtProvider } from '@modelcontextprotocol/sdk/client/auth-extensions.js';
import {
  UnauthorizedError,
  discoverOAuthServerInfo,
  type OAuthClientProvider,
} from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';

import { openDoorway, type Doorway } from './doorway.ts';
import { exchangeIdToken, jwtBearerProvider } from './grant-provider.ts';
import { MemoryOAuthProvider, type ClientRegistration } from './memory-oauth-provider.ts';
import { contextText, planCalls, readScenario, type Scenario } from './scenario.ts';
import { withLogin } from './with-login.ts';

const scenario = readScenario();
const doorway = await openDoorway();
try {
  await run(scenario, doorway);
} finally {
  await doorway.close();
}
// Servers of some scenarios keep streams open.
process.exit(0);

async function run(current: Scenario, through: Doorway): Promise<void> {
  const person = new MemoryOAuthProvider(preregistered(current));
  const authProvider: OAuthClientProvider = machineProvider(current) ?? person;
  let transport: StreamableHTTPClientTransport | undefined;
  let client = newClient();
  const login = <T>(operation: () => Promise<T>): Promise<T> =>
    withLogin(
      person,
      () => transport,
      (error) => error instanceof UnauthorizedError,
      operation,
    );

  await login(async () => {
    transport = through.wrap(new StreamableHTTPClientTransport(current.url, { authProvider }));
    client = newClient();
    await client.connect(transport);
  });
  const { tools } = await login(() => client.listTools());
  for (const call of planCalls(current, tools)) await login(() => client.callTool(call));
  await client.close();
}

function newClient(): Client {
  const client = new Client(
    { name: 'callgate-conformance', version: '1.0.0' },
    { capabilities: { elicitation: { form: { applyDefaults: true } } } },
  );
  client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept' as const, content: {} }));
  return client;
}

function preregistered(current: Scenario): ClientRegistration | undefined {
  if (current.name !== 'auth/pre-registration') return undefined;
  return { client_id: contextText(current, 'client_id'), client_secret: contextText(current, 'client_secret') };
}

function machineProvider(current: Scenario): OAuthClientProvider | undefined {
  switch (current.name) {
    case 'auth/client-credentials-jwt':
      return new PrivateKeyJwtProvider({
        clientId: contextText(current, 'client_id'),
        privateKey: contextText(current, 'private_key_pem'),
        algorithm: contextText(current, 'signing_algorithm'),
      });
    case 'auth/client-credentials-basic':
      return new ClientCredentialsProvider({
        clientId: contextText(current, 'client_id'),
        clientSecret: contextText(current, 'client_secret'),
      });
    case 'auth/cross-app-access-complete-flow':
      return jwtBearerProvider(
        { client_id: contextText(current, 'client_id'), client_secret: contextText(current, 'client_secret') },
        () => crossAppAssertion(current),
      );
    default:
      return undefined;
  }
}

async function crossAppAssertion(current: Scenario): Promise<string> {
  const { authorizationServerUrl, resourceMetadata } = await discoverOAuthServerInfo(current.url);
  return exchangeIdToken({
    tokenEndpoint: contextText(current, 'idp_token_endpoint'),
    clientId: contextText(current, 'idp_client_id'),
    idToken: contextText(current, 'idp_id_token'),
    audience: authorizationServerUrl,
    resource: resourceMetadata?.resource ?? current.url.href,
  });
}
