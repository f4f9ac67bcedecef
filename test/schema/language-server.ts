import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'

/** What the editor would underline: where, counted from 0, and why. */
export interface EditorProblem {
  readonly message: string
  readonly range: { readonly start: { readonly line: number; readonly character: number } }
}

/** One entry of the editor's completion list. */
export interface EditorCompletion {
  readonly label: string
  readonly documentation?: string | { readonly value: string }
}

interface Message {
  readonly id?: number | string
  readonly method?: string
  readonly params?: unknown
  readonly result?: unknown
  readonly error?: { readonly message: string }
}

/** The YAML language server as an editor drives it, without an editor. */
export interface LanguageServer {
  /** Opens a text under a file's URI and resolves with the problems the server reports on it. */
  openDocument(uri: string, text: string): Promise<readonly EditorProblem[]>
  completeAt(uri: string, line: number, character: number): Promise<readonly EditorCompletion[]>
  stop(): Promise<void>
}

const SERVER = fileURLToPath(
  new URL('../../node_modules/yaml-language-server/bin/yaml-language-server', import.meta.url),
)

/** Nothing may be fetched: no schema store, no custom resource definitions. */
const SETTINGS: Readonly<Record<string, unknown>> = {
  yaml: {
    validate: true,
    completion: true,
    schemaStore: { enable: false, url: '' },
    kubernetesCRDStore: { enable: false },
  },
}

/** Starts the server on stdin and stdout, with the repository as the opened folder. */
export const startLanguageServer = async (rootUri: string): Promise<LanguageServer> => {
  const child = spawn(process.execPath, [SERVER, '--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] })
  const exited = once(child, 'exit')
  const wire = connectWire(child.stdin, child.stdout)
  await wire.request('initialize', {
    processId: process.pid,
    rootUri,
    workspaceFolders: [{ uri: rootUri, name: 'muster' }],
    capabilities: {
      workspace: { configuration: true },
      textDocument: { completion: { completionItem: { documentationFormat: ['plaintext'] } } },
    },
  })
  wire.notify('initialized', {})
  wire.notify('workspace/didChangeConfiguration', { settings: SETTINGS })

  return {
    openDocument: (uri, text) => {
      const problems = wire.nextProblems(uri)
      wire.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } })
      return problems
    },
    completeAt: async (uri, line, character) => {
      const answer = await wire.request('textDocument/completion', {
        textDocument: { uri },
        position: { line, character },
      })
      return (answer as { readonly items: readonly EditorCompletion[] }).items
    },
    stop: async () => {
      child.kill('SIGKILL')
      await exited
    },
  }
}

interface Wire {
  request(method: string, params: unknown): Promise<unknown>
  notify(method: string, params: unknown): void
  nextProblems(uri: string): Promise<readonly EditorProblem[]>
}

const connectWire = (toServer: Writable, fromServer: Readable): Wire => {
  const answers = new Map<number | string, (message: Message) => void>()
  const waiting = new Map<string, (problems: readonly EditorProblem[]) => void>()
  let lastId = 0

  const send = (message: object): void => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message })
    toServer.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  }

  readMessages(fromServer, message => {
    const { id, method } = message
    if (id !== undefined && method !== undefined) return send({ id, result: answerServer(message) })
    if (id !== undefined) return answers.get(id)?.(message)
    if (method !== 'textDocument/publishDiagnostics') return
    const { uri, diagnostics } = message.params as { uri: string; diagnostics: readonly EditorProblem[] }
    waiting.get(uri)?.(diagnostics)
  })

  return {
    request: (method, params) =>
      new Promise((resolve, reject) => {
        const id = ++lastId
        answers.set(id, ({ error, result }) => (error ? reject(new Error(error.message)) : resolve(result)))
        send({ id, method, params })
      }),
    notify: (method, params) => send({ method, params }),
    nextProblems: uri => new Promise(resolve => waiting.set(uri, resolve)),
  }
}

/** The server asks for its settings section by section; everything else it asks may be nodded through. */
const answerServer = ({ method, params }: Message): unknown => {
  if (method !== 'workspace/configuration') return null
  const { items } = params as { readonly items: readonly { readonly section?: string }[] }
  return items.map(({ section }) => SETTINGS[section ?? ''] ?? null)
}

/** Cuts the stream into messages: a `Content-Length` header, an empty line, that many bytes. */
const readMessages = (stream: Readable, onMessage: (message: Message) => void): void => {
  let pending = Buffer.alloc(0)
  stream.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk])
    for (;;) {
      const headerEnd = pending.indexOf('\r\n\r\n')
      const length = /Content-Length: (\d+)/i.exec(pending.toString('latin1', 0, Math.max(headerEnd, 0)))?.[1]
      if (length === undefined) return
      const bodyEnd = headerEnd + 4 + Number(length)
      if (pending.length < bodyEnd) return
      const body = pending.toString('utf8', headerEnd + 4, bodyEnd)
      pending = pending.subarray(bodyEnd)
      onMessage(JSON.parse(body) as Message)
    }
  })
}
