/** The oldest Node that the driver of SQLite can be loaded into: an older one ends without a word. */
const oldest = 22

/**
 * Why a program of ours cannot run on this Node, in words for whoever started it; null when it can.
 * @param version `process.versions.node`
 */
export function nodeProblem(version: string): string | null {
  if (Number.parseInt(version, 10) >= oldest) return null
  return `This needs Node ${oldest} or newer, and this is ${version}. Start it with “npx node” instead of “node”: that is the one which Deskbell brings along.`
}
