import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';

/** What the server needs of a database. */
export interface Database {
  query(sql: string): Promise<readonly unknown[]>;
  close(): Promise<void>;
}

/** A real PostgreSQL: the one at `url`, or one of its own in this process. */
export async function openDatabase(url: string | undefined): Promise<Database> {
  const database = url === undefined ? await openEmbedded() : await openServer(url);
  for (const statement of SEED) await database.query(statement);
  return database;
}

async function openEmbedded(): Promise<Database> {
  const lite = await PGlite.create();
  return {
    query: async (sql) => (await lite.query(sql)).rows,
    close: () => lite.close(),
  };
}

async function openServer(connectionString: string): Promise<Database> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return {
    query: async (sql) => (await client.query(sql)).rows as readonly unknown[],
    close: () => client.end(),
  };
}

// temporary tables: on a server that others use, nothing is left behind
const SEED: readonly string[] = [
  'CREATE TEMPORARY TABLE habitats (name text PRIMARY KEY, climate text)',
  'CREATE TEMPORARY TABLE monsters (name text PRIMARY KEY, habitat text, weakness text, danger int)',
  'CREATE TEMPORARY TABLE keepers (name text, phone text)',
  "INSERT INTO habitats VALUES ('lava', 'hot'), ('swamp', 'wet'), ('cave', 'dark')",
  "INSERT INTO monsters VALUES ('Flameburst', 'lava', 'water', 7), ('Bogwort', 'swamp', 'salt', 3), ('Murk', 'cave', 'light', 5)",
  "INSERT INTO keepers VALUES ('Sister Ada', '555-0100')",
];
