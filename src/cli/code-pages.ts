import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { type CodePage, readCodePages } from '../render/code-page.ts'

/** Rules have a page each; all other codes a section of their family's page. Both lie in the package, beside `dist`. */
export const findCodePage = (code: string): CodePage | undefined => {
  const [family = '', name = ''] = code.split('/')
  if (!/^[a-z]+\/[a-z-]+$/.test(code)) return undefined
  const path = family === 'policy' ? `rules/${name}.md` : `codes/${family}.md`
  return readPages(path).find(page => page.code === code)
}

/** Every code there is a page for. */
export const listCodes = (): readonly string[] =>
  ['codes', 'rules'].flatMap(folder =>
    readdirSync(docsUrl(folder))
      .filter(file => file.endsWith('.md'))
      .sort()
      .flatMap(file => readPages(`${folder}/${file}`).map(({ code }) => code)),
  )

const readPages = (path: string): readonly CodePage[] => {
  const url = docsUrl(path)
  return existsSync(url) ? readCodePages(readFileSync(url, 'utf8')) : []
}

const docsUrl = (path: string): URL => new URL(`../../docs/${path}`, import.meta.url)
