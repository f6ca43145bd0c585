import { writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import {
  ChannelSchema,
  ClientFrames,
  MemberSchema,
  MessageSchema,
  SelfSchema,
  ServerFrames,
  TargetSchema,
  WIRE_VERSION,
} from '../src/dialects/parlour/wire.ts';
import { CLIENT_SUMMARIES, SERVER_SUMMARIES } from './asyncapi-summaries.ts';

/** Where the document is kept; `node scripts/asyncapi.ts` writes it anew. */
export const ASYNCAPI_FILE = new URL('../docs/parlour-wire.yaml', import.meta.url);

type Json = unknown;

/** Named once, referred to wherever the same schema stands. */
const SHARED: Readonly<Record<string, Json>> = {
  Target: TargetSchema,
  Channel: ChannelSchema,
  Member: MemberSchema,
  Self: SelfSchema,
  Message: MessageSchema,
};

const HEADER = '# Generated from src/dialects/parlour/wire.ts by `node scripts/asyncapi.ts`; a test compares them.\n';

/** The native wire as AsyncAPI 3.0, in YAML. The same bytes for the same schemas. */
export function asyncApiYaml(): string {
  return HEADER + stringify(document(), { lineWidth: 0, aliasDuplicateObjects: false });
}

function document(): Json {
  const fromClient = messages('client', ClientFrames, CLIENT_SUMMARIES);
  const fromServer = messages('server', ServerFrames, SERVER_SUMMARIES);
  const all = { ...fromClient, ...fromServer };
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'The native wire of Parlour',
      version: `${WIRE_VERSION}.0.0`,
      description: 'JSON text frames over WebSocket, for web clients and bots. In words: docs/parlour-wire.md.',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    servers: {
      own: {
        host: '{host}',
        protocol: 'wss',
        description: 'Wherever the server runs; `ws` where it has no TLS.',
        variables: { host: { description: 'Host and port of the server.', default: 'localhost:8080' } },
      },
    },
    channels: {
      wire: {
        address: '/ws',
        description: 'One connection, one session. The first frame is a hello.',
        messages: refs(all, '#/components/messages'),
      },
    },
    operations: {
      receive: {
        action: 'receive',
        summary: 'What the server takes from clients.',
        channel: { $ref: '#/channels/wire' },
        messages: refList(Object.keys(fromClient)),
        reply: {
          channel: { $ref: '#/channels/wire' },
          messages: refList(['server.welcome', 'server.ok', 'server.refused', 'server.pong']),
        },
      },
      send: {
        action: 'send',
        summary: 'What the server sends to clients.',
        channel: { $ref: '#/channels/wire' },
        messages: refList(Object.keys(fromServer)),
      },
    },
    components: { messages: all, schemas: sharedSchemas() },
  };
}

function messages(
  side: 'client' | 'server',
  frames: Readonly<Record<string, Json>>,
  summaries: Readonly<Record<string, string>>,
): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(frames).map(([type, schema]) => [
      `${side}.${type}`,
      { name: type, summary: summaries[type], payload: shared(plain(schema)) },
    ]),
  );
}

function refs(of: Readonly<Record<string, Json>>, base: string): Json {
  return Object.fromEntries(Object.keys(of).map((name) => [name, { $ref: `${base}/${name}` }]));
}

function refList(names: readonly string[]): Json {
  return names.map((name) => ({ $ref: `#/channels/wire/messages/${name}` }));
}

function sharedSchemas(): Json {
  return Object.fromEntries(
    Object.entries(SHARED).map(([name, schema]) => {
      // The schema itself stays, what it contains is referred to.
      const entries = Object.entries(plain(schema) as object).map(([key, value]) => [key, shared(value)]);
      return [name, Object.fromEntries(entries)];
    }),
  );
}

const SHARED_BY_TEXT = new Map(Object.entries(SHARED).map(([name, schema]) => [JSON.stringify(schema), name]));

/** The same with references in the place of shared schemas. */
function shared(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  const name = SHARED_BY_TEXT.get(JSON.stringify(value));
  if (name !== undefined) return { $ref: `#/components/schemas/${name}` };
  if (Array.isArray(value)) return value.map(shared);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shared(each)]));
}

/** JSON Schema as it is written, without what TypeBox keeps beside it. */
function plain(schema: Json): Json {
  return JSON.parse(JSON.stringify(schema));
}

if (import.meta.main) writeFileSync(ASYNCAPI_FILE, asyncApiYaml());
