import type { Section } from './description.ts';

/** Header extensions that we know, by what they are for. */
export const EXTENSION_URIS = {
  mid: 'urn:ietf:params:rtp-hdrext:sdes:mid',
  rid: 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  repairedRid: 'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id',
  audioLevel: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  videoOrientation: 'urn:3gpp:video-orientation',
  dependencyDescriptor: 'https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension',
} as const;

export type ExtensionName = keyof typeof EXTENSION_URIS;

/** The ids that a section gives to those of these names that it has. */
export type ExtensionIds = { readonly [name in ExtensionName]?: number };

export function extensionIds(section: Section, names: readonly ExtensionName[]): ExtensionIds {
  const ids: { [name in ExtensionName]?: number } = {};
  for (const name of names) {
    const found = section.extensions.find(({ uri }) => uri === EXTENSION_URIS[name]);
    if (found) ids[name] = found.id;
  }
  return ids;
}

export function extensionLines(ids: ExtensionIds): readonly string[] {
  const names = Object.keys(EXTENSION_URIS) as ExtensionName[];
  return names.flatMap((name) => (ids[name] === undefined ? [] : `a=extmap:${ids[name]} ${EXTENSION_URIS[name]}`));
}
