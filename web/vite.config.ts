import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const server = 'http://localhost:8080';
/** The script and style sheet of the pages with recordings, which the server makes. */
const RECORDINGS = 'recordings-page';
const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export default defineConfig({
  root: path('.'),
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // `/assets/` belongs to the front end of another wire, where one is served.
    assetsDir: 'client',
    target: 'es2023',
    // Small files as data: URLs would need a laxer Content-Security-Policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    rollupOptions: {
      input: { index: path('index.html'), [RECORDINGS]: path('src/recordings/page.ts') },
      output: {
        // The server's own pages name these two, whose names stay as they are.
        entryFileNames: ({ name }) => (name === RECORDINGS ? '[name].js' : 'client/[name]-[hash].js'),
        assetFileNames: ({ names }) =>
          names.includes(`${RECORDINGS}.css`) ? '[name].css' : 'client/[name]-[hash].[ext]',
      },
    },
  },
  server: {
    proxy: {
      '/ws': { target: server, ws: true },
      '/api': { target: server },
      '/recordings': { target: server },
    },
  },
});
