import { describeMembershipContract } from '../contract/membership-contract.ts'
import { findServer } from '../support/postgres-server.ts'
import { createPostgres } from './postgres-under-test.ts'

const server = await findServer()

describeMembershipContract(server.name, () => createPostgres(server))
