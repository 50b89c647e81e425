// A certified identity provider for the tests: two clients, any account whose name is typed, consent given by itself.
import Provider from 'oidc-provider'

const [port, base] = process.argv.slice(2)
const client = (id, secret) => ({
  client_id: id,
  client_secret: secret,
  redirect_uris: [`${base}/sign-in/with/${id}/back`]
})

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [client('mail', 'secret of mail & more'), client('other', 'secret of other')],
  claims: { openid: ['sub'] },
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  features: { devInteractions: { enabled: true } },
  cookies: { keys: ['only for the tests'] },
  async loadExistingGrant (context) {
    const grant = new context.oidc.provider.Grant({
      clientId: context.oidc.client.clientId,
      accountId: context.oidc.session.accountId
    })
    grant.addOIDCScope('openid email profile')
    await grant.save()
    return grant
  }
})

provider.listen(Number(port), '127.0.0.1', () => console.log('ready'))
