import { describeStoreContract } from '../contract/store-contract.ts'
import { findServer } from '../support/postgres-server.ts'
import { createPostgres } from './postgres-under-test.ts'

const server = await findServer()

describeStoreContract(server.name, () => createPostgres(server))
