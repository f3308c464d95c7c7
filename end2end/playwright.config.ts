// Every flow twice: hydrated and with JavaScript off; the hydrated pages also at the size of a phone. What no browser is needed for runs
// once, over plain HTTP.
// Each worker has a server of its own on a copy of one demo database (support/server.ts).
import { existsSync } from 'node:fs';
import { defineConfig, devices } from '@playwright/test';

// Workers inherit it: all of them copy the demo that this run has seeded.
process.env.DIALYARD_RUN ??= String(process.pid);

const installed = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path));

export default defineConfig({
  testDir: './tests',
  // One picture for every machine; pictures.nojs.spec.ts says how they are compared.
  snapshotPathTemplate: '{testDir}/../pictures/{arg}{ext}',
  globalSetup: './support/global-setup.ts',
  workers: 2,
  fullyParallel: false,
  forbidOnly: true,
  // A shared machine has hiccups. A test that needs its second try is reported as flaky; here it fails at once.
  retries: process.env.CI ? 1 : 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    locale: 'en-US',
    timezoneId: 'UTC',
    launchOptions: {
      executablePath: installed,
      args: [
        '--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking',
        '--disable-component-update', '--disable-sync', '--no-first-run',
      ],
    },
    trace: 'retain-on-failure',
  },
  projects: [
    { name: 'hydrated', use: { ...devices['Desktop Chrome'], viewport: { width: 1440, height: 900 } }, testIgnore: /\.(nojs|phone|http)\.spec\.ts/ },
    {
      name: 'nojs',
      use: { ...devices['Desktop Chrome'], viewport: { width: 1440, height: 900 }, javaScriptEnabled: false },
      testIgnore: /\.(hydrate|phone|http)\.spec\.ts/,
    },
    { name: 'http', testMatch: /\.http\.spec\.ts/ },
    { name: 'phone', use: { ...devices['Pixel 7'] }, testMatch: /\.phone\.spec\.ts/ },
  ],
});
