package web

import (
	"crypto/tls"
	"crypto/x509"
	"os"
	"path/filepath"

	"github.com/parallaxai/parallax/runtime/agent/settings"
)

// ReadTLS reads "tls": {ca, cert, key, serverName, insecure}; files are relative
// to dir. nil leaves the defaults.
func ReadTLS(b *settings.Block, dir string) *tls.Config {
	m := b.Inner("tls")
	if m == nil {
		return nil
	}
	conf := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: m.Text("serverName"), InsecureSkipVerify: m.Bool("insecure", false)}
	file := func(key string) string {
		name := m.Text(key)
		if name == "" || filepath.IsAbs(name) {
			return name
		}
		return filepath.Join(dir, filepath.FromSlash(name))
	}
	if name := file("ca"); name != "" {
		text, err := os.ReadFile(name)
		pool := x509.NewCertPool()
		switch {
		case err != nil:
			m.Get("ca").Errorf(settings.CodeWrong, "ca can't be read: %v", err)
		case !pool.AppendCertsFromPEM(text):
			m.Get("ca").Errorf(settings.CodeWrong, "%s holds no certificate", name)
		default:
			conf.RootCAs = pool
		}
	}
	cert, key := file("cert"), file("key")
	switch {
	case cert != "" && key != "":
		pair, err := tls.LoadX509KeyPair(cert, key)
		if err != nil {
			m.Get("cert").Errorf(settings.CodeWrong, "cert and key can't be used: %v", err)
		}
		conf.Certificates = []tls.Certificate{pair}
	case cert != "":
		m.Missing("key")
	case key != "":
		m.Missing("cert")
	}
	m.Done()
	return conf
}
