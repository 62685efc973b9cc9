package terraform

import (
	"errors"
	"math/big"
	"net/netip"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

var errNetwork = errors.New("not within the network")

var (
	networkParameter = function.Parameter{Name: "prefix", Type: cty.String}
	numberParameter  = function.Parameter{Name: "number", Type: cty.Number}
)

var cidrHostFunction = function.New(&function.Spec{
	Params: []function.Parameter{networkParameter, numberParameter},
	Type:   function.StaticReturnType(cty.String),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		network, err := netip.ParsePrefix(args[0].AsString())
		if err != nil {
			return cty.NilVal, err
		}
		bits := network.Addr().BitLen() - network.Bits()
		number, _ := args[1].AsBigFloat().Int(nil)
		if number.Sign() < 0 {
			number.Add(number, new(big.Int).Lsh(big.NewInt(1), uint(bits)))
		}
		host, err := within(network, number, bits, 0)
		return cty.StringVal(host.String()), err
	},
})

var cidrSubnetFunction = function.New(&function.Spec{
	Params: []function.Parameter{networkParameter, numberParameter, numberParameter},
	Type:   function.StaticReturnType(cty.String),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		network, err := netip.ParsePrefix(args[0].AsString())
		if err != nil {
			return cty.NilVal, err
		}
		more, _ := args[1].AsBigFloat().Int64()
		number, _ := args[2].AsBigFloat().Int(nil)
		subnet, err := subnetOf(network, int(more), number)
		return cty.StringVal(subnet.String()), err
	},
})

// cidrSubnetsFunction cuts networks of several sizes from one, each behind the
// last at the next place where its size fits.
var cidrSubnetsFunction = function.New(&function.Spec{
	Params:   []function.Parameter{networkParameter},
	VarParam: &function.Parameter{Name: "bits", Type: cty.Number},
	Type:     function.StaticReturnType(cty.List(cty.String)),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		network, err := netip.ParsePrefix(args[0].AsString())
		if err != nil || len(args) == 1 {
			return cty.ListValEmpty(cty.String), err
		}
		total := network.Addr().BitLen() - network.Bits()
		next, subnets := new(big.Int), []cty.Value(nil)
		for _, arg := range args[1:] {
			more, _ := arg.AsBigFloat().Int64()
			if more < 1 || int(more) > total {
				return cty.NilVal, errNetwork
			}
			size := new(big.Int).Lsh(big.NewInt(1), uint(total-int(more)))
			number := new(big.Int).Div(new(big.Int).Add(next, new(big.Int).Sub(size, big.NewInt(1))), size)
			subnet, err := subnetOf(network, int(more), number)
			if err != nil {
				return cty.NilVal, err
			}
			next = number.Mul(number.Add(number, big.NewInt(1)), size)
			subnets = append(subnets, cty.StringVal(subnet.String()))
		}
		return cty.ListVal(subnets), nil
	},
})

func subnetOf(network netip.Prefix, more int, number *big.Int) (netip.Prefix, error) {
	rest := network.Addr().BitLen() - network.Bits() - more
	if more < 0 || more > 128 || rest < 0 || number.Sign() < 0 {
		return netip.Prefix{}, errNetwork
	}
	first, err := within(network, number, more, rest)
	return netip.PrefixFrom(first, network.Bits()+more), err
}

// within gives the address of a network whose bits behind the prefix are number,
// followed by some zeros.
func within(network netip.Prefix, number *big.Int, bits, zeros int) (netip.Addr, error) {
	if number.Sign() < 0 || number.BitLen() > bits {
		return netip.Addr{}, errNetwork
	}
	address := new(big.Int).SetBytes(network.Masked().Addr().AsSlice())
	address.Or(address, new(big.Int).Lsh(number, uint(zeros)))
	host, ok := netip.AddrFromSlice(address.FillBytes(make([]byte, network.Addr().BitLen()/8)))
	if !ok {
		return netip.Addr{}, errNetwork
	}
	return host, nil
}

func cidrNetmask(text string) (string, error) {
	network, err := netip.ParsePrefix(text)
	if err != nil || !network.Addr().Is4() {
		return "", errNetwork
	}
	mask := netip.PrefixFrom(netip.AddrFrom4([4]byte{255, 255, 255, 255}), network.Bits()).Masked().Addr()
	return mask.String(), nil
}
