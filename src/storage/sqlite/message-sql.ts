/**
 * What is asked about messages. Kept apart so that a test can see that each is answered from an index: a room may
 * hold millions of them. Text is compared byte by byte; the caller made the name keys.
 */

const SELECT = `
  SELECT messages.id AS id, channel, author_identity, author_name, recipient_identity, recipient_name, text,
    attachment_id, media_type, width, height, byte_length, file_name, messages.at AS at, client_id, shadow
  FROM messages LEFT JOIN attachments ON attachments.id = messages.attachment_id`;

export const BY_ID = `${SELECT} WHERE messages.id = :id AND room = :room`;

export const BY_CLIENT_ID = `
  SELECT id, at FROM messages WHERE room = :room AND author_identity = :identityId AND client_id = :clientId`;

const BOUNDS = 'messages.id > :after AND messages.id < :before';

const CHANNEL = `${SELECT} WHERE room = :room AND channel = :channel AND shadow = 0 AND ${BOUNDS}`;
export const CHANNEL_FORWARDS = `${CHANNEL} ORDER BY messages.id ASC LIMIT :limit`;
export const CHANNEL_BACKWARDS = `${CHANNEL} ORDER BY messages.id DESC LIMIT :limit`;

/** Sent by the one who asks, then received. One to oneself is both, and counts as sent. */
const SENT = 'room = :room AND author_identity = :identityId AND recipient_key = :peer';
const RECEIVED = `room = :room AND recipient_identity = :identityId AND author_key = :peer AND shadow = 0
    AND NOT (author_identity = :identityId AND recipient_key = :peer)`;

const DIRECT = `
  ${SELECT} WHERE ${SENT} AND ${BOUNDS}
  UNION ALL
  ${SELECT} WHERE ${RECEIVED} AND ${BOUNDS}`;
export const DIRECT_FORWARDS = `${DIRECT} ORDER BY id ASC LIMIT :limit`;
export const DIRECT_BACKWARDS = `${DIRECT} ORDER BY id DESC LIMIT :limit`;

export const CHANNEL_COUNT = `
  SELECT count(*) AS count FROM messages
  WHERE room = :room AND channel = :channel AND shadow = 0 AND messages.id < :before`;
export const DIRECT_COUNT = `
  SELECT
    (SELECT count(*) FROM messages WHERE ${SENT} AND messages.id < :before) +
    (SELECT count(*) FROM messages WHERE ${RECEIVED} AND messages.id < :before) AS count`;

/**
 * Steps from one other side to the next in the index, instead of reading every message to and from each. Where the
 * page is empty, one row without a thread tells how many there are.
 */
const threadsBy = (order: string) => `
  WITH RECURSIVE
    sent (peer) AS (
      SELECT (SELECT recipient_key FROM messages
        WHERE room = :room AND author_identity = :identityId AND recipient_key IS NOT NULL
        ORDER BY recipient_key LIMIT 1)
      UNION ALL
      SELECT (SELECT recipient_key FROM messages
        WHERE room = :room AND author_identity = :identityId AND recipient_key > sent.peer
        ORDER BY recipient_key LIMIT 1)
      FROM sent WHERE sent.peer IS NOT NULL),
    received (peer) AS (
      SELECT (SELECT author_key FROM messages
        WHERE room = :room AND recipient_identity = :identityId AND shadow = 0
        ORDER BY author_key LIMIT 1)
      UNION ALL
      SELECT (SELECT author_key FROM messages
        WHERE room = :room AND recipient_identity = :identityId AND shadow = 0 AND author_key > received.peer
        ORDER BY author_key LIMIT 1)
      FROM received WHERE received.peer IS NOT NULL),
    latest (peer, id) AS (
      SELECT peer, (SELECT max(id) FROM messages
        WHERE room = :room AND author_identity = :identityId AND recipient_key = sent.peer)
      FROM sent WHERE peer IS NOT NULL
      UNION ALL
      SELECT peer, (SELECT max(id) FROM messages
        WHERE room = :room AND recipient_identity = :identityId AND author_key = received.peer AND shadow = 0)
      FROM received WHERE peer IS NOT NULL),
    threads (peer, id) AS MATERIALIZED (SELECT peer, max(id) FROM latest GROUP BY peer),
    page (peer, id) AS (SELECT peer, id FROM threads ORDER BY ${order} LIMIT :limit OFFSET :offset)
  SELECT count, messages.id AS id, at,
    CASE WHEN author_identity = :identityId AND recipient_key = peer THEN recipient_name ELSE author_name END AS name
  FROM (SELECT count(*) AS count FROM threads) LEFT JOIN page LEFT JOIN messages ON messages.id = page.id
  ORDER BY ${order.replaceAll(/\b(id|peer)\b/g, 'page.$1')}`;

/** One message to oneself may be the last of two threads: these are in order of their names either way. */
export const THREADS_NEWEST = threadsBy('id DESC, peer');
export const THREADS_OLDEST = threadsBy('id, peer');
export const THREADS_A_TO_Z = threadsBy('peer');
export const THREADS_Z_TO_A = threadsBy('peer DESC');

/** All to and from somebody, by identity and by name. */
export const ALL_DIRECT = `
  SELECT id FROM messages WHERE room = :room AND author_identity = :identityId AND recipient_key IS NOT NULL
  UNION SELECT id FROM messages WHERE room = :room AND recipient_identity = :identityId AND shadow = 0
  UNION SELECT id FROM messages WHERE room = :room AND recipient_identity = :identityId AND shadow = 1
  UNION SELECT id FROM messages WHERE room = :room AND author_key = :name AND recipient_key IS NOT NULL
  UNION SELECT id FROM messages WHERE room = :room AND recipient_key = :name`;

export const EXPIRED_DIRECT = 'SELECT id FROM messages WHERE recipient_key IS NOT NULL AND at < :before LIMIT :limit';
export const EXPIRED_IN_CHANNELS = 'SELECT id FROM messages WHERE channel IS NOT NULL AND at < :before LIMIT :limit';

export const REACTIONS = `
  SELECT message_id, emoji, identity_id, name FROM reactions
  WHERE message_id IN (SELECT value FROM json_each(:ids))
  ORDER BY message_id, emoji_position, position`;

export const LAST_ID = `
  SELECT max(
    (SELECT coalesce(max(id), 0) FROM messages),
    (SELECT value FROM counters WHERE name = 'last-retracted-id')) AS last_id`;
