import type { WrittenAudience } from '../model/generated/audience.ts'

/**
 * The suppressions of an audience: the workspace's layer, when it is an activation, then its own. What is in the layer
 * is not put under it, or it would leave itself out.
 */
export const layerSuppressions = (
  { id, intent, suppressed_by: own = [] }: Pick<WrittenAudience, 'id' | 'intent' | 'suppressed_by'>,
  layer: readonly string[] = [],
): readonly string[] =>
  intent !== 'activation' || layer.includes(id) ? own : [...new Set([...layer, ...own])]
