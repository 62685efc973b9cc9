package shell

// foreign is a script in a language that is not followed.
func (s *Session) foreign(u *unit) {
	s.report.Opaque = true
	for _, h := range u.holes {
		if h.Value.Tainted() {
			return
		}
	}
}

func (s *Session) powershell(u *unit) { s.foreign(u) }
func (s *Session) batch(u *unit)      { s.foreign(u) }
