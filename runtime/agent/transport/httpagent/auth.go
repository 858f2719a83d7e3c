package httpagent

import (
	"net/http"

	"github.com/parallaxai/parallax/runtime/agent/settings"
)

// auth is how a request says who sends it.
type auth struct {
	bearer, user, password, key settings.Secret
	header                      string // of the key
}

// readAuth reads "bearer", which is short, or "auth": {bearer: env:TOKEN}, {basic: {user, password}} or
// {apiKey: env:KEY, header: X-API-Key}.
func readAuth(b *settings.Block) auth {
	token := b.Secret("bearer")
	m := b.Inner("auth")
	if m == nil {
		return auth{bearer: token}
	}
	a := auth{bearer: m.Secret("bearer"), key: m.Secret("apiKey"), header: m.Text("header")}
	if a.header == "" {
		a.header = "X-API-Key"
	} else if !validHeader(a.header) {
		m.Get("header").Errorf(settings.CodeWrong, "%q can't be the name of a header", a.header)
	}
	if basic := m.Inner("basic"); basic != nil {
		a.user, a.password = settings.SecretOf(basic.Required("user")), basic.Secret("password")
		basic.Done()
	}
	if !a.bearer.IsSet() && !a.key.IsSet() && !a.user.IsSet() {
		m.Errorf(settings.CodeMissing, "auth needs one of bearer, basic and apiKey").WithHint("auth: {bearer: env:TOKEN}")
	}
	m.Done()
	return a
}

func (a auth) apply(r *http.Request) error {
	if a.bearer.IsSet() {
		token, err := a.bearer.Reveal()
		if err != nil {
			return err
		}
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if a.key.IsSet() {
		key, err := a.key.Reveal()
		if err != nil {
			return err
		}
		r.Header.Set(a.header, key)
	}
	if a.user.IsSet() {
		user, err := a.user.Reveal()
		if err != nil {
			return err
		}
		password, err := a.password.Reveal()
		if err != nil {
			return err
		}
		r.SetBasicAuth(user, password)
	}
	return nil
}
