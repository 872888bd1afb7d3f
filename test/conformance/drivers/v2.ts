/* A conformance client on SDK v2 (`@modelcontextprotocol/client`): plain, or governed with CALLGATE_GOVERNED=1. */
import {
  Client,
  ClientCredentialsProvider,
  DpopSession,
  PrivateKeyJwtProvider,
  StreamableHTTPClientTransport,
  UnauthorizedError,
  discoverOAuthServerInfo,
  type OAuthClientProvider,
} from '@modelcontextprotocol/client';
import { SkillsClient } from '@modelcontextprotocol/client/ext/skills';

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
  const authProvider = machineProvider(current) ?? withProofs(current, person);
  let transport: StreamableHTTPClientTransport | undefined;
  let client = newClient(current);
  const login = <T>(operation: () => Promise<T>): Promise<T> =>
    withLogin(
      person,
      () => transport,
      (error) => error instanceof UnauthorizedError,
      operation,
    );

  await login(async () => {
    transport = through.wrap(new StreamableHTTPClientTransport(current.url, { authProvider }));
    client = newClient(current);
    await client.connect(transport);
  });
  if (current.name.startsWith('sep-2640-')) await readSkills(client, current);
  else await exercise(client, current, login);
  await client.close();
}

/** Uses everything that the server offers, once. */
async function exercise(
  client: Client,
  current: Scenario,
  login: <T>(operation: () => Promise<T>) => Promise<T>,
): Promise<void> {
  const { resources, prompts } = client.getServerCapabilities() ?? {};
  const { tools } = await login(() => client.listTools());
  for (const call of planCalls(current, tools)) await login(() => client.callTool({ ...call }));
  if (resources !== undefined) {
    for (const { uri } of (await client.listResources()).resources) await client.readResource({ uri });
  }
  if (prompts !== undefined) {
    for (const { name } of (await client.listPrompts()).prompts) await client.getPrompt({ name });
  }
}

async function readSkills(client: Client, current: Scenario): Promise<void> {
  const skills = new SkillsClient(client, { skipInvalid: true });
  const listing = await skills.list();
  if (current.name === 'sep-2640-client-no-prefetch') return;
  // Files that do not verify are refused; which ones is what the scenario looks at.
  for (const skill of listing.skills) await skills.read(skill).catch(() => undefined);
}

function newClient(current: Scenario): Client {
  const is2026 = current.protocolVersion >= '2026';
  const client = new Client(
    { name: 'callgate-conformance', version: '1.0.0' },
    {
      capabilities: { elicitation: { form: { applyDefaults: true } }, sampling: {}, roots: {} },
      ...(is2026 ? { versionNegotiation: { mode: { pin: current.protocolVersion } } } : {}),
    },
  );
  client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: {} }));
  client.setRequestHandler('sampling/createMessage', () => ({
    model: 'none',
    role: 'assistant',
    content: { type: 'text', text: 'yes' },
  }));
  client.setRequestHandler('roots/list', () => ({ roots: [] }));
  return client;
}

function preregistered(current: Scenario): ClientRegistration | undefined {
  if (current.name !== 'auth/pre-registration') return undefined;
  return {
    client_id: contextText(current, 'client_id'),
    client_secret: contextText(current, 'client_secret'),
    ...(typeof current.context['issuer'] === 'string' ? { issuer: current.context['issuer'] } : {}),
  };
}

function withProofs(current: Scenario, person: MemoryOAuthProvider): OAuthClientProvider {
  if (!current.name.startsWith('auth/dpop')) return person;
  const session = DpopSession.create();
  return Object.assign(person, { dpop: () => session });
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
    case 'auth/wif-jwt-bearer':
      return jwtBearerProvider({ client_id: contextText(current, 'client_id') }, () =>
        Promise.resolve(contextText(current, 'valid_jwt')),
      );
    case 'auth/enterprise-managed-authorization':
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
