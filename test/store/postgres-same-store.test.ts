import { describeSameStore } from '../contract/same-store-contract.ts'
import { findServer } from '../support/postgres-server.ts'
import { createPostgres } from './postgres-under-test.ts'

const server = await findServer()

describeSameStore(server.name, () => createPostgres(server))
