import type { TestProject } from "vitest/node";
import { serve } from "../../scripts/browse.mjs";

declare module "vitest" {
  interface ProvidedContext {
    url: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await serve();
  project.provide("url", server.url);
  return server.close;
}
