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
