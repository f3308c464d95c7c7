// Seeds one demo for all workers, and takes it away at the end.
import { mkdirSync, rmSync } from 'node:fs';
import { start, template } from './server';

export default async function globalSetup() {
  rmSync(template, { recursive: true, force: true });
  mkdirSync(template, { recursive: true });
  const begun = Date.now();
  const server = await start(template);
  await server.stop();
  console.log(`demo seeded in ${((Date.now() - begun) / 1000).toFixed(1)} s`);
  return () => rmSync(template, { recursive: true, force: true });
}
