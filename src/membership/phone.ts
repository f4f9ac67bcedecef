import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/min'

/**
 * Brings a phone number into E.164, the one form in which two systems write the same number. Undefined for what is no
 * number that a phone can have, or has an extension: the number without it would be somebody else's. `country` says
 * which one numbers without a country code are of; without it only international ones are read.
 * Source: ITU-T E.164; libphonenumber's plans of numbers, as of the version in the lock file.
 */
export const createPhoneReader =
  (country?: string) =>
  (written: string): string | undefined => {
    // The whole value is the number. Found inside other words, it would be a guess.
    const options = {
      extract: false,
      ...(country !== undefined && { defaultCountry: country as CountryCode }),
    }
    const phone = parsePhoneNumberFromString(written.trim(), options)
    return phone?.isValid() === true && phone.ext === undefined ? phone.number : undefined
  }
