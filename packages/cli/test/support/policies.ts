/** A policy that loads without a finding. */
export const GOOD_POLICY = `callgate: 1
name: support-desk
version: "7"
owners: { servers: platform, envelopes: support-engineering, approvals: risk-ops }
servers:
  inventory:
    identity: { command: npx, args: ["-y", "inventory@1.0.0"] }
    tools:
      inventory.lookup:
        ring: 1
        arguments:
          region: { enum: [us-east, us-west], message: wildcard region is forbidden }
          limit: { type: integer, minimum: 1, maximum: 100 }
      inventory.adjust:
        ring: 2
        arguments: { sku: { type: string, pattern: "^S-[0-9]+$" }, delta: { type: integer, minimum: -10, maximum: 10 } }
        approval: { by: ["role:stock-lead"] }
`;

/** A policy that loads, with one finding of each kind that a server can have. */
export const LOOSE_POLICY = `callgate: 1
name: loose
version: "1"
servers:
  empty: {}
  shop:
    identity: { url: https://shop.example/mcp }
    stage: observe
    tools:
      no.envelope: { ring: 1 }
      wide.write: { ring: 2, arguments: any }
      low.write: { ring: 1, effect: write, arguments: {} }
      drop.all: { ring: 3, arguments: {} }
`;

/** A policy that does not load. */
export const BAD_POLICY = `callgate: 1
name: bad
version: "1"
servers:
  shop:
    tools:
      buy:
        ring: 1
        arguments: { amount: { type: integer, maximun: 3 } }
      sell: { rings: 1 }
`;
