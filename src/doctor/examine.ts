import { lookup } from 'node:dns/promises';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { certificateFindings } from './checks/certificate.ts';
import { folderFindings } from './checks/folder.ts';
import { groupsFindings, noFolder } from './checks/groups.ts';
import { iceListFindings, type ProbedServer } from './checks/ice-list.ts';
import { type IceServerUrl, iceServerFindings } from './checks/ice-server.ts';
import { mediaFindings, PROPOSED_PORT } from './checks/media.ts';
import { openFilesFindings } from './checks/open-files.ts';
import { pagesFindings } from './checks/pages.ts';
import { portFindings } from './checks/port.ts';
import { proxyFindings } from './checks/proxy.ts';
import { udpPortFindings } from './checks/udp-ports.ts';
import { type Finding, skip, warn } from './finding.ts';
import { Catcher } from './probes/catcher.ts';
import { lookAtFolder } from './probes/folder.ts';
import { lookAtGroups, lookAtInstallation } from './probes/groups.ts';
import { probeIceServer } from './probes/ice-server.ts';
import { addressesTold, type MediaTrial } from './probes/media.ts';
import { lookAtPort, lookAtUdpPort } from './probes/port.ts';
import { probeProxy } from './probes/proxy.ts';
import { parseIceUrl } from './turn-client/ice-url.ts';

/** STUN and TURN servers as browsers are told them, and which part of the configuration they are of. */
export interface ConfiguredIce {
  readonly urls: readonly string[];
  readonly username?: string;
  readonly credential?: string;
  readonly source: string;
  readonly login: IceServerUrl['login'];
}

/** What the doctor finds out by other parts of the server. */
export interface Patient {
  readonly config: Config;
  /** Where Parlour is asked from this machine. */
  readonly localUrl: string;
  readonly now: number;
  readonly openFiles: number | undefined;
  /** UDP ports that streams are bound to; none where any will do. */
  readonly mediaPorts: readonly number[];
  /** Those that streams would be bound to from this one on. */
  mediaPortsFrom(port: number): readonly number[];
  /** Those that everybody knows, PEM. */
  readonly authorities: readonly string[];
  /** Text of the two files of `[tls]`. Throws where they cannot be read. */
  readTls(): { readonly cert: string; readonly key: string };
  iceServers(): Promise<readonly ConfiguredIce[]>;
  /** Forwarding as configured, but on any free port, where another has it. */
  beginMedia(options: { readonly onAnyPort: boolean }): MediaTrial;
}

const TURN_WAIT_MS = 5_000;

/** Looks at everything, one thing after the other; says what it finds as it finds it. */
export async function* examine(patient: Patient): AsyncGenerator<Finding> {
  const { config } = patient;
  yield* config.warnings.map((warning) => warn(warning, 'Take it out of the file, or say it in parlour.toml.'));
  yield* written(config.data, 'the data folder');
  const { port, host } = config;
  const place = { port, ...(host === undefined ? {} : { host }), url: patient.localUrl };
  const state = await lookAtPort(place);
  yield* portFindings(port, state);
  yield* openFilesFindings(config.limits.connections, patient.openFiles);
  yield* pages(patient);
  yield* proxyFindings(await proxyFacts(patient, { isRunning: state.kind === 'parlour' }));
  yield* folders(config);
  yield* media(patient, { isRunning: state.kind === 'parlour' });
}

function* pages({ config, readTls, now, authorities }: Patient): Generator<Finding> {
  const { publicUrl, tls, host, trustProxy } = config;
  const url = publicUrl === undefined ? {} : { publicUrl };
  yield* pagesFindings({ ...url, hasTls: tls !== undefined, trustProxy, ...(host === undefined ? {} : { host }) });
  if (!tls) return;
  try {
    const name = publicUrl === undefined ? undefined : URL.parse(publicUrl)?.hostname;
    yield* certificateFindings({ ...readTls(), now, authorities, ...(name === undefined ? {} : { host: name }) });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    yield { level: 'fail', what: reason, advice: 'Mend the paths in [tls], or let Parlour’s user read the files.' };
  }
}

async function proxyFacts({ config, localUrl }: Patient, { isRunning }: { readonly isRunning: boolean }) {
  if (config.publicUrl === undefined) return { kind: 'no-url' } as const;
  if (!isRunning) return { kind: 'not-running' } as const;
  const innerHosts = ['localhost', '127.0.0.1', '[::1]'].map((name) => `${name}:${config.port}`);
  return probeProxy({ publicUrl: config.publicUrl, innerHosts: [...innerHosts, new URL(localUrl).host] });
}

async function* folders({ galene, transcripts, media }: Config): AsyncGenerator<Finding> {
  if (media.enabled) yield* written(galene.recordings, 'the folder of recordings');
  if (transcripts.folder !== undefined) yield* written(transcripts.folder, 'the folder of transcripts');
  yield* ofGalene(galene);
}

async function* ofGalene({ groups, data }: Config['galene']): AsyncGenerator<Finding> {
  const installation = data === undefined ? undefined : await lookAtInstallation(data);
  if (groups !== undefined) {
    const facts = await lookAtGroups(groups);
    yield* facts ? groupsFindings(facts) : [noFolder('galene.groups', groups)];
    if (facts && installation?.writableGroups) yield* written(groups, 'the folder of groups');
  }
  if (data === undefined) return;
  yield* installation ? groupsFindings({ valid: 0, problems: installation.problems }) : [noFolder('galene.data', data)];
  if (installation) yield* tokens(data);
}

/** With the first token, `var` is made. */
async function* tokens(data: string): AsyncGenerator<Finding> {
  const folder = join(data, 'var');
  const isThere = (await lookAtFolder(folder)).kind !== 'absent';
  yield* written(isThere ? folder : data, 'the folder of tokens');
}

async function* written(path: string, title: string): AsyncGenerator<Finding> {
  yield* folderFindings({ path, title }, await lookAtFolder(path));
}

async function* media(patient: Patient, running: { readonly isRunning: boolean }): AsyncGenerator<Finding> {
  const { config } = patient;
  const told = config.media.enabled ? yield* streams(patient, running) : [];
  if (!config.media.enabled) yield skip('streams are not forwarded ([media] enabled = false)');
  const catcher = config.media.enabled ? await Catcher.open(config.media.port) : undefined;
  yield* ice(patient, told, catcher);
  catcher?.close();
}

async function* streams(
  patient: Patient,
  running: { readonly isRunning: boolean },
): AsyncGenerator<Finding, readonly string[]> {
  const { media, galene, publicUrl } = patient.config;
  const numbers = patient.mediaPorts;
  const ports = await Promise.all(numbers.map(lookAtUdpPort));
  yield* udpPortFindings(ports, running);
  const told = await addressesTold(patient.beginMedia({ onAnyPort: ports.some(({ state }) => state !== 'free') }));
  const publicHost = publicUrl === undefined ? undefined : URL.parse(publicUrl)?.hostname;
  yield* mediaFindings({
    ...{ told, announced: media.addresses, port: media.port, relayOnly: galene.relayOnly },
    ports: numbers.length > 0 ? numbers : patient.mediaPortsFrom(PROPOSED_PORT),
    ...(publicHost === undefined ? {} : { publicHost }),
    publicAddresses: publicHost === undefined ? [] : await addressesOf(publicHost),
  });
  return 'length' in told ? told : [];
}

async function* ice(patient: Patient, told: readonly string[], catcher: Catcher | undefined): AsyncGenerator<Finding> {
  const all = (await patient.iceServers()).flatMap(({ urls, ...rest }) => urls.map((text) => ({ text, ...rest })));
  const probed: ProbedServer[] = [];
  for (const { text, ...rest } of all) {
    const url = parseIceUrl(text);
    if (!url) continue;
    const server = { url, ...rest };
    // Only what the TURN server may do with this machine's own address: that of other machines is another's affair.
    const options = { timeoutMs: TURN_WAIT_MS, media: told, ...(catcher ? { catcher } : {}) };
    const probe = await probeIceServer(server, options);
    probed.push({ server, probe });
    yield* iceServerFindings(server, probe);
  }
  const unreadable = all.flatMap(({ text }) => (parseIceUrl(text) ? [] : [text]));
  yield* iceListFindings({ probed, unreadable, relayOnly: patient.config.galene.relayOnly });
}

async function addressesOf(host: string): Promise<readonly string[]> {
  const found = await lookup(host.replace(/^\[|\]$/g, ''), { all: true }).catch(() => []);
  return found.map(({ address }) => address);
}
