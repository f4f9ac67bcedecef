/** True of a host that is this machine, as a URL writes it: an emulator, or a proxy that somebody runs here. */
export const isLoopback = (host: string): boolean => /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i.test(host)
