/** What the clients of a time expect, picked once at the handshake (`spec/galene.md` 1.15). */
export interface Generation {
  /** Equal for connections whose frames read the same. */
  readonly key: string;
  /** What the server says its version is; nothing to clients that know none. */
  readonly version?: readonly string[];
  /** Whether the client is so new, or so odd, that it should be told to be upgraded. */
  readonly isUnknown: boolean;
  readonly permissions: 'object' | 'array';
  readonly times: 'text' | 'number';
  readonly history: 'chathistory' | 'chat';
  /** By which names user data goes. */
  readonly userData: readonly ('data' | 'status')[];
  /** Whether tracks are labelled one by one, beside the stream. */
  readonly trackLabels: boolean;
  /** Whether it knows captions, kicks, and chats that are cleared in part. */
  readonly isRecent: boolean;
}

const LATEST: Generation = {
  key: 'latest',
  version: ['2'],
  isUnknown: false,
  permissions: 'array',
  times: 'text',
  history: 'chathistory',
  userData: ['data'],
  trackLabels: false,
  isRecent: true,
};

/** 0.6 */
const FIRST_VERSION: Generation = { ...LATEST, key: 'first', version: ['1'], times: 'number' };

/** Up to 0.5.5, and clients written from the document of 2021. */
function versionless(permissions: Generation['permissions']): Generation {
  const { version: _, ...latest } = LATEST;
  return {
    ...latest,
    key: `old-${permissions}`,
    permissions,
    times: 'number',
    history: 'chat',
    // Of those with lists, 0.5 reads the one and the document of 2021 the other.
    userData: permissions === 'array' ? ['data', 'status'] : ['status'],
    trackLabels: true,
    isRecent: false,
  };
}

export function generationOf(version: readonly string[] | undefined, permissions: Generation['permissions']) {
  if (version === undefined || version.length === 0) return versionless(permissions);
  if (version.includes('2')) return LATEST;
  return version.includes('1') ? FIRST_VERSION : { ...LATEST, key: 'unknown', isUnknown: true };
}
