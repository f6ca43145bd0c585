import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/config-error.ts';
import { compileTemplate } from '../dialects/barertc/page/template.ts';
import { TemplateError } from '../dialects/barertc/page/template-error.ts';
import type { DeskSettings } from '../dialects/desk.ts';

/** The style sheet that Camus' page wants. */
const BOOTSTRAP = fileURLToPath(new URL('../../node_modules/bootstrap/dist/css', import.meta.url));

/** Folders that are served as they are, the first ones first. */
export interface StaticFolder {
  readonly prefix: string;
  readonly root: readonly string[];
}

/** What was found in the folders of the originals' front ends. */
export interface Frontends {
  readonly barertc?: NonNullable<DeskSettings['frontend']>;
  readonly camus: { readonly script?: string };
  readonly galene: { readonly html?: string };
}

/** Throws `ConfigError` where a folder is none of a front end. */
export function readFrontends(config: Config): Frontends {
  const barertc = readBareRtc(config);
  return { ...(barertc ? { barertc } : {}), camus: readCamus(config), galene: readGalene(config) };
}

/** Which script its page begins with: that of today, or of the seed's day (`spec/camus.md` 8). */
function readCamus({ camus }: Config): Frontends['camus'] {
  if (camus.frontend === undefined) return {};
  const root = camusStatic(camus.frontend);
  const script = ['index.js', 'chat.js'].find((name) => existsSync(join(root, 'dist', name)));
  if (script === undefined) throw new ConfigError(`camus.frontend: there is no dist/index.js in ${root}`);
  return { script: `/static/dist/${script}` };
}

/** Its pages name their files from the root (`spec/galene.md` 3.2). */
function readGalene({ galene }: Config): Frontends['galene'] {
  if (galene.frontend === undefined) return {};
  const file = join(galene.frontend, 'galene.html');
  try {
    return { html: readFileSync(file, 'utf8') };
  } catch (error) {
    throw new ConfigError(`galene.frontend: ${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

function camusStatic(folder: string): string {
  return existsSync(join(folder, 'static')) ? join(folder, 'static') : folder;
}

/** The page of BareRTC's front end, where the operator named a folder with one. Throws `ConfigError`. */
function readBareRtc({ barertc }: Config): DeskSettings['frontend'] {
  if (barertc.frontend === undefined) return undefined;
  const file = join(barertc.frontend, 'index.html');
  try {
    const html = readFileSync(file, 'utf8');
    compileTemplate(html);
    return { html, path: barertc.path };
  } catch (error) {
    const reason = error instanceof TemplateError ? error.message : (error as NodeJS.ErrnoException).code;
    throw new ConfigError(`barertc.frontend: ${file} cannot be read: ${reason}`);
  }
}

/** What its page loads; `static` may lie beside the built files, as it does in the original's own folders. */
export function frontendFolders({ barertc, camus, galene }: Config): readonly StaticFolder[] {
  const { frontend } = barertc;
  const places = (name: string) => (frontend === undefined ? [] : [join(frontend, name), join(frontend, '..', name)]);
  const found = (name: string) =>
    places(name)
      .filter((folder) => existsSync(folder))
      .slice(0, 1);
  const both = [...found('static'), ...(camus.frontend === undefined ? [] : [camusStatic(camus.frontend)])];
  return [
    { prefix: '/assets/', root: found('assets') },
    { prefix: '/static/', root: both },
    { prefix: '/bootstrap/', root: [BOOTSTRAP] },
    { prefix: '/', root: galene.frontend === undefined ? [] : [galene.frontend] },
  ].filter(({ root }) => root.length > 0);
}
