import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import mantine from 'postcss-preset-mantine';
import simpleVars from 'postcss-simple-vars';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * Builds the web app into `web/dist`. All of it is served from our own origin under a strict content security policy:
 * nothing inline, no data: fonts, nothing from elsewhere.
 */
export default defineConfig(({ command }) => {
  // A build is one for production, whoever asks for it: a test run's NODE_ENV would give React for developers.
  if (command === 'build') process.env['NODE_ENV'] = 'production';
  return {
    root: here('.'),
    plugins: [react()],
    css: {
      postcss: {
        plugins: [
          mantine(),
          simpleVars({
            variables: {
              'mantine-breakpoint-xs': '36em',
              'mantine-breakpoint-sm': '48em',
              'mantine-breakpoint-md': '62em',
              'mantine-breakpoint-lg': '75em',
              'mantine-breakpoint-xl': '88em',
            },
          }),
        ],
      },
    },
    build: {
      outDir: here('./dist'),
      emptyOutDir: true,
      assetsInlineLimit: 0,
      target: 'es2022',
      rolldownOptions: {
        output: {
          codeSplitting: {
            groups: [
              { name: 'mantine', test: /node_modules[\\/]@(mantine|floating-ui)[\\/]/ },
              {
                name: 'react',
                test: /node_modules[\\/](react|react-dom|scheduler|@tanstack[\\/](?!table-core|react-table)[a-z-]+)[\\/]/,
              },
              { name: 'zod', test: /node_modules[\\/]zod[\\/]/ },
            ],
          },
        },
      },
    },
    server: {
      proxy: { '/api': process.env['RINGSIDE_URL'] ?? 'http://127.0.0.1:4600' },
    },
  };
});
