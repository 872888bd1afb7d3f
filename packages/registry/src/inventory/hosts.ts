/** The operating systems that hosts run on. */
export type Platform = 'linux' | 'macos' | 'windows';

/** For whom a configuration file counts: one user, everyone with the project, or everyone on the machine. */
export type Scope = 'user' | 'project' | 'machine';

export type ConfigFormat = 'json' | 'yaml' | 'toml';

/**
 * Where a file is looked for on each system; null where the host does not have it.
 *
 * A path begins with `~` (home), `./` (project), `/` or `C:/` (machine), or a variable that {@link VARIABLES} explains. `{a,b}` stands
 * for either, `*` for any one name or part of a name.
 */
export type HostPaths = Readonly<Record<Platform, string | null>>;

export interface HostFile {
  readonly scope: Scope;
  readonly paths: HostPaths;
}

/** A program that starts or contacts MCP servers, and how it is configured. */
export interface HostDescription {
  readonly name: string;
  readonly format: ConfigFormat;
  /** Key paths of server entries; `*` is any key, whose name is the server's unless the entry has `name`. */
  readonly servers: readonly (readonly string[])[];
  readonly files: readonly HostFile[];
  /** What a bare `url` means where the entry says no type. */
  readonly url: 'http' | 'sse';
  /** Key paths of switches that let every tool be called without asking. */
  readonly approvals?: readonly (readonly string[])[];
  /** The documentation that paths and format are from. */
  readonly source: string;
}

/** The id of a host, as in output and documentation. */
export type HostId =
  | 'claude-desktop'
  | 'claude-code'
  | 'cursor'
  | 'vscode'
  | 'copilot-cli'
  | 'windsurf'
  | 'zed'
  | 'gemini-cli'
  | 'codex'
  | 'cline'
  | 'roo'
  | 'kilo'
  | 'continue'
  | 'junie'
  | 'amazon-q'
  | 'kiro'
  | 'goose'
  | 'lm-studio'
  | 'opencode';

/** What the first part of a path stands for when the environment of the scanned system is not known. */
export const VARIABLES: Readonly<Record<string, string>> = {
  $XDG_CONFIG_HOME: '~/.config',
  '%APPDATA%': '~/AppData/Roaming',
  $CLAUDE_CONFIG_DIR: '~',
  $CODEX_HOME: '~/.codex',
  $COPILOT_HOME: '~/.copilot',
};

const MCP_SERVERS = [['mcpServers', '*']] as const;

/** Editors that extensions of VS Code run in, by the folder they keep their data in. */
const EDITORS = '{Code,Code - Insiders,VSCodium,Cursor,Windsurf}';

/** Every host that the inventory knows. Documented in docs/reference/inventory.md, which a test holds to this table. */
export const HOSTS: Readonly<Record<HostId, HostDescription>> = {
  'claude-desktop': {
    name: 'Claude Desktop',
    format: 'json',
    servers: MCP_SERVERS,
    files: [user(inConfig('Claude/claude_desktop_config.json'))],
    url: 'http',
    source: 'https://modelcontextprotocol.io/quickstart/user',
  },
  'claude-code': {
    name: 'Claude Code',
    format: 'json',
    servers: [...MCP_SERVERS, ['projects', '*', 'mcpServers', '*']],
    files: [
      user(everywhere('$CLAUDE_CONFIG_DIR/.claude.json')),
      user(everywhere('~/.claude/{settings,settings.local}.json')),
      project('./.mcp.json'),
      project('./.claude/{settings,settings.local}.json'),
      machine({
        linux: '/etc/claude-code/{managed-mcp,managed-settings}.json',
        macos: '/Library/Application Support/ClaudeCode/{managed-mcp,managed-settings}.json',
        windows: 'C:/{Program Files,ProgramData}/ClaudeCode/{managed-mcp,managed-settings}.json',
      }),
    ],
    url: 'http',
    approvals: [['enableAllProjectMcpServers']],
    source: 'https://code.claude.com/docs/en/mcp',
  },
  cursor: {
    name: 'Cursor',
    format: 'json',
    servers: MCP_SERVERS,
    files: [user(everywhere('~/.cursor/mcp.json')), project('./.cursor/mcp.json')],
    url: 'http',
    source: 'https://cursor.com/docs/context/mcp',
  },
  vscode: {
    name: 'VS Code',
    format: 'json',
    servers: [
      ['servers', '*'],
      ['mcp', 'servers', '*'],
    ],
    files: [
      user(inConfig('{Code,Code - Insiders,VSCodium}/User/{mcp,settings}.json')),
      user(inConfig('{Code,Code - Insiders,VSCodium}/User/profiles/*/{mcp,settings}.json')),
      project('./.vscode/{mcp,settings}.json'),
    ],
    url: 'http',
    approvals: [['chat.tools.autoApprove'], ['chat.tools.global.autoApprove']],
    source: 'https://code.visualstudio.com/docs/copilot/reference/mcp-configuration',
  },
  'copilot-cli': {
    name: 'GitHub Copilot CLI and JetBrains',
    format: 'json',
    servers: [...MCP_SERVERS, ['servers', '*']],
    files: [
      user(everywhere('$COPILOT_HOME/mcp-config.json')),
      user({
        linux: '$XDG_CONFIG_HOME/github-copilot/*/mcp.json',
        macos: '~/.config/github-copilot/*/mcp.json',
        windows: '~/AppData/Local/github-copilot/*/mcp.json',
      }),
    ],
    url: 'http',
    source: 'https://code.visualstudio.com/docs/agents/reference/mcp-configuration',
  },
  windsurf: {
    name: 'Windsurf',
    format: 'json',
    servers: MCP_SERVERS,
    files: [user(everywhere('~/.codeium/{windsurf,windsurf-next}/mcp_config.json'))],
    url: 'sse',
    source: 'https://docs.windsurf.com/windsurf/cascade/mcp',
  },
  zed: {
    name: 'Zed',
    format: 'json',
    servers: [['context_servers', '*']],
    files: [
      user({
        linux: '$XDG_CONFIG_HOME/zed/settings.json',
        macos: '~/.config/zed/settings.json',
        windows: '%APPDATA%/Zed/settings.json',
      }),
      project('./.zed/settings.json'),
    ],
    url: 'http',
    approvals: [['agent', 'always_allow_tool_actions']],
    source: 'https://zed.dev/docs/ai/mcp',
  },
  'gemini-cli': {
    name: 'Gemini CLI',
    format: 'json',
    servers: MCP_SERVERS,
    files: [
      user(everywhere('~/.gemini/settings.json')),
      project('./.gemini/settings.json'),
      machine({
        linux: '/etc/gemini-cli/{settings,system-defaults}.json',
        macos: '/Library/Application Support/GeminiCli/{settings,system-defaults}.json',
        windows: 'C:/ProgramData/gemini-cli/{settings,system-defaults}.json',
      }),
    ],
    url: 'sse',
    source: 'https://geminicli.com/docs/cli/configuration',
  },
  codex: {
    name: 'Codex',
    format: 'toml',
    servers: [['mcp_servers', '*']],
    files: [
      user(everywhere('$CODEX_HOME/config.toml')),
      project('./.codex/config.toml'),
      machine({
        linux: '/etc/codex/{config,managed_config}.toml',
        macos: '/etc/codex/{config,managed_config}.toml',
        windows: null,
      }),
    ],
    url: 'http',
    source: 'https://developers.openai.com/codex/mcp',
  },
  cline: {
    name: 'Cline',
    format: 'json',
    servers: MCP_SERVERS,
    files: [
      user(inConfig(`${EDITORS}/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json`)),
      user(everywhere('~/.cline/data/settings/cline_mcp_settings.json')),
    ],
    url: 'sse',
    source: 'https://docs.cline.bot/mcp/configuring-mcp-servers',
  },
  roo: {
    name: 'Roo Code',
    format: 'json',
    servers: MCP_SERVERS,
    files: [
      user(
        inConfig(
          `${EDITORS}/User/globalStorage/rooveterinaryinc.roo-cline/settings/{mcp_settings,cline_mcp_settings}.json`,
        ),
      ),
      project('./.roo/mcp.json'),
    ],
    url: 'http',
    source: 'https://docs.roocode.com/features/mcp/using-mcp-in-roo',
  },
  kilo: {
    name: 'Kilo Code',
    format: 'json',
    servers: MCP_SERVERS,
    files: [
      user(inConfig(`${EDITORS}/User/globalStorage/kilocode.kilo-code/settings/mcp_settings.json`)),
      user(everywhere('~/.kilocode/cli/global/settings/mcp_settings.json')),
      project('./.kilocode/mcp.json'),
    ],
    url: 'http',
    source: 'https://kilo.ai/docs/features/mcp/using-mcp-in-cli',
  },
  continue: {
    name: 'Continue',
    // blocks may be JSON, which YAML contains
    format: 'yaml',
    servers: [...MCP_SERVERS, ['experimental', 'modelContextProtocolServers', '*', 'transport']],
    files: [
      user(everywhere('~/.continue/config.{yaml,json}')),
      user(everywhere('~/.continue/mcpServers/*.{yaml,yml,json}')),
      project('./.continue/mcpServers/*.{yaml,yml,json}'),
    ],
    url: 'http',
    source: 'https://docs.continue.dev/customize/deep-dives/mcp',
  },
  junie: {
    name: 'JetBrains Junie',
    format: 'json',
    servers: MCP_SERVERS,
    files: [user(everywhere('~/.junie/mcp/mcp.json')), project('./.junie/mcp/mcp.json')],
    url: 'http',
    source: 'https://www.jetbrains.com/help/junie/model-context-protocol-mcp.html',
  },
  'amazon-q': {
    name: 'Amazon Q Developer',
    format: 'json',
    servers: MCP_SERVERS,
    files: [
      user(everywhere('~/.aws/amazonq/{mcp,default}.json')),
      user(everywhere('~/.aws/amazonq/{agents,cli-agents}/*.json')),
      project('./.amazonq/{mcp,default}.json'),
      project('./.amazonq/{agents,cli-agents}/*.json'),
    ],
    url: 'http',
    source: 'https://docs.aws.amazon.com/amazonq/latest/qdeveloper-ug/qdev-mcp.html',
  },
  kiro: {
    name: 'Kiro',
    format: 'json',
    servers: MCP_SERVERS,
    files: [user(everywhere('~/.kiro/settings/mcp.json')), project('./.kiro/settings/mcp.json')],
    url: 'http',
    source: 'https://kiro.dev/docs/mcp/configuration/',
  },
  goose: {
    name: 'Goose',
    format: 'yaml',
    servers: [['extensions', '*']],
    files: [
      user({
        linux: '$XDG_CONFIG_HOME/goose/config.yaml',
        macos: '~/.config/goose/config.yaml',
        windows: '%APPDATA%/Block/goose/config/config.yaml',
      }),
    ],
    url: 'http',
    source: 'https://block.github.io/goose/docs/guides/config-files',
  },
  'lm-studio': {
    name: 'LM Studio',
    format: 'json',
    servers: MCP_SERVERS,
    files: [user(everywhere('~/{.lmstudio,.cache/lm-studio}/mcp.json'))],
    url: 'http',
    source: 'https://lmstudio.ai/docs/app/mcp',
  },
  opencode: {
    name: 'opencode',
    format: 'json',
    servers: [
      ['mcp', 'servers', '*'],
      ['mcp', '*'],
    ],
    files: [
      user({
        linux: '$XDG_CONFIG_HOME/opencode/{opencode,config}.{json,jsonc}',
        macos: '~/.config/opencode/{opencode,config}.{json,jsonc}',
        windows: '~/.config/opencode/{opencode,config}.{json,jsonc}',
      }),
      project('./{.opencode/opencode,opencode}.{json,jsonc}'),
    ],
    url: 'http',
    source: 'https://opencode.ai/docs/mcp-servers',
  },
};

/** Every host id, in the order of output. */
export const HOST_IDS: readonly HostId[] = Object.keys(HOSTS) as HostId[];

function user(paths: HostPaths): HostFile {
  return { scope: 'user', paths };
}

function project(path: string): HostFile {
  return { scope: 'project', paths: everywhere(path) };
}

function machine(paths: HostPaths): HostFile {
  return { scope: 'machine', paths };
}

function everywhere(path: string): HostPaths {
  return { linux: path, macos: path, windows: path };
}

/** Under the folder where applications of the system keep their settings. */
function inConfig(path: string): HostPaths {
  return {
    linux: `$XDG_CONFIG_HOME/${path}`,
    macos: `~/Library/Application Support/${path}`,
    windows: `%APPDATA%/${path}`,
  };
}
