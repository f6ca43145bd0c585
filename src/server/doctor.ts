import { setTimeout as delay } from 'node:timers/promises';
import { rootCertificates } from 'node:tls';
import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/config-error.ts';
import { type ConfiguredIce, examine, type Patient } from '../doctor/examine.ts';
import { type Finding, fail, ok } from '../doctor/finding.ts';
import { lookAtInstallation } from '../doctor/probes/groups.ts';
import type { MediaTrial } from '../doctor/probes/media.ts';
import { conclusion, linesOf } from '../doctor/report.ts';
import { iceServersFor } from '../groups/ice-servers.ts';
import { CODEC_NAMES, type MediaListener } from '../media/port.ts';
import { SfuMedia } from '../media/sfu/sfu-media.ts';
import { forwardingOptions, mediaPorts } from './forwarding.ts';
import { iceServers } from './ice.ts';
import { localUrl, readTls } from './listening.ts';
import { TwilioIce } from './twilio.ts';

export interface DoctorOptions {
  /** Reads the configuration. Throws `ConfigError` where it makes no sense. */
  load(): Config;
  print(line: string): void;
}

/** In logins of ours: what TURN servers write into their logs. */
const NAME = 'doctor';
const SILENT = { info: () => {}, warn: () => {}, error: () => {} };
const ANSWER_MS = 15_000;
/** The library finds its addresses at once; servers of its own are not asked. */
const CANDIDATES_MS = 500;

/** Looks at an installation without changing it, prints what works and what not, and says the status to end with. */
export async function runDoctor({ load, print }: DoctorOptions): Promise<0 | 1> {
  const findings: Finding[] = [];
  for await (const finding of findingsOf(load)) {
    findings.push(finding);
    for (const line of linesOf(finding)) print(line);
  }
  const { line, status } = conclusion(findings);
  print('');
  print(line);
  return status;
}

async function* findingsOf(load: () => Config): AsyncGenerator<Finding> {
  try {
    const config = load();
    yield ok('the configuration can be read, and makes sense');
    yield* examine(patient(config));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    yield fail(error.message, 'Mend that; parlour.example.toml shows every option. The rest is looked at then.');
  }
}

function patient(config: Config): Patient {
  return {
    config,
    localUrl: localUrl(config, config.port),
    now: Date.now(),
    openFiles: openFiles(),
    mediaPorts: config.media.port === 0 ? [] : portsFrom(config.media.port, config),
    mediaPortsFrom: (port) => portsFrom(port, config),
    authorities: rootCertificates,
    readTls: () => readTls(config.tls ?? { cert: '', key: '' }),
    iceServers: () => configuredIce(config),
    beginMedia: ({ onAnyPort }) => mediaTrial(config, { onAnyPort }),
  };
}

function portsFrom(port: number, { media }: Config): readonly number[] {
  const { shared, sideDoors } = mediaPorts({ port, workers: media.workers });
  return [...shared, ...sideDoors];
}

/** What the system lets this process open at once. */
function openFiles(): number | undefined {
  // Otherwise it looks up the names of everybody who is connected.
  const reporter: { excludeNetwork?: boolean; getReport(): object } | undefined = process.report;
  if (!reporter) return undefined;
  reporter.excludeNetwork = true;
  const report: unknown = reporter.getReport();
  const { userLimits } = report as { readonly userLimits?: { readonly open_files?: { readonly soft?: unknown } } };
  const soft = userLimits?.open_files?.soft;
  if (soft === 'unlimited') return Number.POSITIVE_INFINITY;
  return typeof soft === 'number' ? soft : undefined;
}

async function configuredIce(config: Config): Promise<readonly ConfiguredIce[]> {
  const { ice, galene } = config;
  const now = Date.now();
  const login = ice.turnSecret !== undefined ? 'timed' : ice.username !== undefined ? 'static' : 'none';
  const own = iceServers(ice, NAME, now).map((server): ConfiguredIce => ({ ...server, source: '[ice]', login }));
  const entries = galene.data === undefined ? [] : ((await lookAtInstallation(galene.data))?.iceServers ?? []);
  const groups = entries.flatMap((entry) =>
    iceServersFor([entry], { name: NAME, now }).map(
      (server): ConfiguredIce => ({
        ...server,
        source: 'ice-servers.json',
        login: entry.isShared ? 'timed' : entry.username === undefined ? 'none' : 'static',
      }),
    ),
  );
  return [...own, ...groups, ...(await ofTwilio(config))];
}

async function ofTwilio({ ice }: Config): Promise<readonly ConfiguredIce[]> {
  const twilio = new TwilioIce({ twilio: ice.twilio, log: SILENT });
  await twilio.asked;
  twilio.close();
  return twilio.servers.map((server) => ({ ...server, source: 'Twilio', login: 'timed' }));
}

/** A process that forwards, as the server has them, in which somebody publishes. */
function mediaTrial(config: Config, { onAnyPort }: { readonly onAnyPort: boolean }): MediaTrial {
  const { ports, ...options } = forwardingOptions(config, { log: SILENT, iceServers: () => [] });
  const first = onAnyPort || ports === undefined ? {} : { ports };
  const media = new SfuMedia({ ...options, ...first, workers: 1 });
  return {
    close: () => media.close(),
    tell: (offer) =>
      new Promise((resolve, reject) => {
        const lines: string[] = [];
        const give = () => resolve(lines);
        const listener: MediaListener = {
          ...DEAF,
          answered: (_stream, { sdp }) => {
            lines.push(...(sdp.match(/^a=candidate:.*$/gm) ?? []));
            void delay(CANDIDATES_MS).then(give);
          },
          publisherGotCandidate: (_stream, { candidate }) => lines.push(candidate),
          rejected: (_stream, reason) => reject(new Error(reason)),
          died: () => reject(new Error('the process that forwards ended')),
        };
        media.open(NAME, { listener, codecs: () => CODEC_NAMES }).publish('trial', { sdp: offer });
        void delay(ANSWER_MS, undefined, { ref: false }).then(() => reject(new Error('it does not answer')));
      }),
  };
}

const DEAF: MediaListener = {
  answered: () => {},
  rejected: () => {},
  publisherGotCandidate: () => {},
  flowing: () => {},
  publisherLost: () => {},
  offered: () => {},
  receiverGotCandidate: () => {},
  played: () => {},
  undeliverable: () => {},
  recordingFailed: () => {},
  died: () => {},
};
