import type { Desk } from '../../desk.ts';
import type { HomePart, RouteRequest, RouteResponse } from '../../http.ts';
import { fieldsOf, formToken, isOwnForm } from './forms.ts';
import { createForm, page } from './html.ts';

const LIMITS = ['0', '2', '3', '5', '10'];
const MAX_NAME_LENGTH = 64;

/** On `/`, where our own client is: the form, for those whose browser runs no scripts, and its answer. */
export function home(desk: Desk): HomePart {
  return {
    page: async (request) => {
      const token = await formToken(request, desk);
      const form = desk.settings.roomsAllowed ? createForm({ token: token.field, action: '/' }) : '';
      return {
        html: `<p>This page needs scripts. Without them you can look at the <a href="/public">public rooms</a>.</p>${form}`,
        headers: { 'set-cookie': token.cookie },
      };
    },
    submitted: async (request) => {
      const { fields } = fieldsOf(request);
      return fields.has('room_name') ? create(request, desk) : undefined;
    },
  };
}

/** The page on which rooms are made; POST makes one, and leads to it with the same form (`spec/camus.md` 2). */
export async function landing(request: RouteRequest, desk: Desk): Promise<RouteResponse> {
  if (request.method === 'POST') return create(request, desk);
  if (request.method !== 'GET' && request.method !== 'HEAD') return { status: 405, headers: { allow: 'GET, POST' } };
  return landingPage(request, desk, {});
}

async function create(request: RouteRequest, desk: Desk): Promise<RouteResponse> {
  const { fields, isJson } = fieldsOf(request);
  const name = (fields.get('room_name') ?? '').trim();
  const again = (alert: string) => landingPage(request, desk, { alert, name });
  if (!isJson && !(await isOwnForm(fields, request, desk))) {
    return again('This form is too old. Please send it again.');
  }
  const problem = problemIn(name, fields);
  if (problem !== undefined) return again(problem);
  const made = await desk.rooms.create(
    {
      title: name,
      password: fields.get('password') ?? '',
      guestLimit: Number(fields.get('guest_limit') ?? 0),
      isPublic: fields.get('public') === 'Yes',
    },
    request.address,
  );
  if ('name' in made) return { status: 307, headers: { location: `/room/${made.name}`, 'cache-control': 'no-store' } };
  return again(REASONS[made.refused.code] ?? `The room name "${name}" is not available`);
}

function problemIn(name: string, fields: URLSearchParams): string | undefined {
  if (name === '') return 'A room needs a name.';
  if (name.length > MAX_NAME_LENGTH) return `A name has at most ${MAX_NAME_LENGTH} characters.`;
  const isChosen =
    ['No', 'Yes'].includes(fields.get('public') ?? '') && LIMITS.includes(fields.get('guest_limit') ?? '');
  return isChosen ? undefined : 'Please choose who may see the room, and how many may come.';
}

const REASONS: Readonly<Record<string, string>> = {
  'name-invalid': 'Please choose a name with letters or digits in it.',
  'rooms-closed': 'No more rooms can be made on this server.',
  'too-fast': 'That was many rooms in a short time. Please wait a moment.',
  'password-unfit': 'A password has at most 256 characters.',
};

async function landingPage(
  request: RouteRequest,
  desk: Desk,
  said: { readonly alert?: string; readonly name?: string },
): Promise<RouteResponse> {
  const { title, roomsAllowed } = desk.settings;
  const token = await formToken(request, desk);
  const form = roomsAllowed
    ? createForm({ token: token.field, action: request.path, ...said })
    : '<p>On this server rooms are made by its operator.</p>';
  const content = `${form}
    <section id="about"><h2>What is this?</h2>
    <p>A room is a place for a video call and a chat, at an address of its own. Whoever has the address, and the
    password if there is one, may come in. Sound and pictures go from browser to browser.</p></section>`;
  return page(200, { title, heading: 'Make a room', content }, { 'set-cookie': token.cookie });
}
