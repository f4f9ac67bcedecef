/** Characters that stand for a space, as code points. Source: Unicode, general category Zs. */
export const SPACES = [
  0x20,
  0xa0,
  0x1680,
  ...Array.from({ length: 11 }, (_each, index) => 0x2000 + index),
  0x202f,
  0x205f,
  0x3000,
]
