/** People of the engine's bench: the same number is always the same person under the same identifier. */

const mix = (number, salt) => {
  let mixed = Math.imul(number ^ (salt * 0x9e3779b9), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
const hex = number => number.toString(16).padStart(8, '0')

/** As Customer.io's own ids look: the beginning tells little apart, the end everything. */
export const makePerson = number => `0300${hex(mix(number, 1)).slice(0, 4)}${hex(number)}`

export const IDENTIFIERS = {
  usr: number => `usr_${String(number).padStart(10, '0')}`,
  uuid: number => {
    const [first, second, third] = [hex(mix(number, 2)), hex(mix(number, 3)), hex(mix(number, 4))]
    return `${first}-${second.slice(0, 4)}-4${second.slice(5)}-a${third.slice(1, 4)}-${third.slice(4)}${hex(number)}`
  },
}

/** Numbers from the first on, in an order that has nothing to do with them and is the same each time. */
export const shuffle = (first, count) => {
  const numbers = Uint32Array.from({ length: count }, (_each, index) => first + index)
  for (let last = count - 1; last > 0; last -= 1) {
    const other = mix(last, 5) % (last + 1)
    const held = numbers[last]
    numbers[last] = numbers[other]
    numbers[other] = held
  }
  return numbers
}
