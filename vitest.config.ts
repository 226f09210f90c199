import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts', 'test/rooms.test.ts'], testTimeout: 20_000 } },
      {
        test: { name: 'contract', include: ['test/contract/**/*.test.ts'], testTimeout: 20_000 },
        // The examples take the package by its name.
        resolve: { alias: { 'hipstatus/addon': fileURLToPath(new URL('src/hub/addons/index.ts', import.meta.url)) } },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          maxWorkers: 1,
        },
      },
    ],
  },
});
